"""Free text marked point by point."""
