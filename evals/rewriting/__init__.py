"""Any follow-up made whole: measured on CANARD. The tutor resolves its own follow-ups by the course (decision 8)."""
