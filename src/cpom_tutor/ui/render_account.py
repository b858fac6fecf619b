"""The pages of signing in and of one's own account, as whole HTML pages. Pure."""

from cpom_tutor.accounts import LONGEST_PASSWORD, SHORTEST_PASSWORD, Account, Byline
from cpom_tutor.ui import theme
from cpom_tutor.ui.text import escaped

ACCOUNT_NAME, DELETE_ACCOUNT = "/account#name", "/account#delete"
"""Where on the page of the account one chooses what instructors read, and where one leaves."""

_APPROVED_STAYS = (
    "An answer that an instructor approved stays, with the question that it answers and without your name."
)
_JUDGED_STAYS = "Your verdicts and the answers that you approved stay, with your name."
_OLD = 'type="password" autocomplete="current-password" required'
_NEW = (
    f'type="password" autocomplete="new-password" minlength="{SHORTEST_PASSWORD}" maxlength="{LONGEST_PASSWORD}" '
    "required"
)


def sign_in_page(*, name: str = "", problem: str = "") -> str:
    """The form to sign in by; `problem` is what went wrong with the last try."""
    focus = ("", " autofocus") if name else (" autofocus", "")
    named = 'type="text" autocomplete="username" autocapitalize="none" spellcheck="false" required' + focus[0]
    return _page(
        "Sign in",
        f"""<h2>Sign in</h2>{_said(problem, "alert")}
<form method="post" action="/sign-in">
{_field("Name", "name", named, name)}
{_field("Password", "password", _OLD + focus[1])}
<button class="solid">Sign in</button></form>
<p class="gist">No account, or the password forgotten? Whoever runs this tutor gives you one.</p>""",
        door=True,
    )


def account_page(account: Account, byline: Byline, *, note: str = "", problem: str = "", leaving: bool = False) -> str:
    """Everything that somebody may change of their own account, after what came of the last change.

    `leaving` says that the last change was to delete it.
    """
    rest = "" if account.temporary else _sharing(account, byline) + _leaving(account, problem if leaving else "")
    return _page(
        "Your account",
        f"""<h2>Your account</h2>{_said(note, "status")}{_said("" if leaving else problem, "alert")}
{_who(account)}{_password(account)}{rest}""",
        back=not account.temporary,
    )


def deleted_page() -> str:
    """After the account is gone."""
    return _page(
        "Deleted",
        '<h2>Deleted</h2><p class="status" role="status">Your account is deleted, with your conversations, your '
        "feedback and your practice.</p><p><a href='/sign-in'>To the sign-in page</a></p>",
    )


def who(account: Account) -> str:
    """Who is signed in, for the masthead of the page."""
    return f"""<nav class="who" aria-label="Your account" data-name="{escaped(account.name)}">
<span class="name">{escaped(account.shown_as)}</span> <a href="/account">Account</a>
<form method="post" action="/sign-out"><button class="quiet">Sign out</button></form></nav>"""


def _who(account: Account) -> str:
    group = f", {escaped(account.group)}" if account.group else ""
    return f"""<p>Signed in as <strong>{escaped(account.full_name)}</strong>: {account.role.value}{group}.</p>
<form method="post" action="/sign-out"><button class="quiet">Sign out</button></form>"""


def _password(account: Account) -> str:
    why = "<p>Somebody else made your password, so choose one of your own first.</p>" if account.temporary else ""
    return f"""<section><h3>Change your password</h3>{why}<form method="post" action="/account/password">
<input type="text" name="user" value="{escaped(account.name)}" autocomplete="username" hidden>
{_field("The password you have just typed" if account.temporary else "Old password", "old", _OLD)}
{_field(f"New password, {SHORTEST_PASSWORD} characters or more", "new", _NEW)}
{_field("New password again", "again", _NEW)}
<button class="solid">Change it</button></form></section>"""


def _sharing(account: Account, byline: Byline) -> str:
    if not byline.theirs_to_change:
        return ""
    ticked = " checked" if account.shares_name else ""
    return f"""<section id="name"><h3>Your name</h3><form method="post" action="/account/name">
<p>Instructors read what learners ask, to find wrong answers. Now they read your questions as
 <strong>{escaped(byline.name)}</strong>. What you choose here holds for all of them, earlier ones too.</p>
<label class="tick"><input type="checkbox" name="shares" value="yes"{ticked}>
<span>Show instructors my name, {escaped(account.full_name)}</span></label>
<button class="quiet">Save</button></form></section>"""


def _leaving(account: Account, problem: str) -> str:
    stays = _JUDGED_STAYS if account.role.reviews else _APPROVED_STAYS
    return f"""<section id="data"><h3>Your data</h3>
<p><a href="/my-data" download>Take away all that is kept of you</a> (JSON).</p>
<details{" open" if problem else ""}><summary>Delete my account and everything of mine</summary>
<form method="post" action="/account/delete" id="delete">{_said(problem, "alert")}
<p>This deletes your account, your conversations, your feedback and all your practice, for good. {stays}</p>
<input type="text" name="user" value="{escaped(account.name)}" autocomplete="username" hidden>
{_field("Your password", "password", _OLD)}
{_field("Type DELETE", "sure", 'type="text" autocomplete="off" autocapitalize="characters" required')}
<button class="danger">Delete it all</button></form></details></section>"""


def _field(label: str, name: str, attributes: str, value: str = "") -> str:
    filled = f' value="{escaped(value)}"' if value else ""
    return f'<label class="field"><span>{label}</span><input name="{name}" {attributes}{filled}></label>'


def _said(words: str, role: str) -> str:
    return f'<p class="{role}" role="{role}">{escaped(words)}</p>' if words else ""


def _page(title: str, body: str, *, back: bool = False, door: bool = False) -> str:
    way = '<p class="back"><a href="/">← Back to the tutor</a></p>' if back else ""
    frame = ' class="door"' if door else ""
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} – CPOM tutor</title><link rel="icon" href="data:,">{theme.plain_head()}</head>
<body class="plain">{theme.masthead()}<main{frame}>{way}{body}</main></body></html>"""
