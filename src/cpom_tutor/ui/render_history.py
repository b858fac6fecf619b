"""A learner's conversations as HTML: the list, its search, and what can be done with all of it. Pure."""

from collections.abc import Sequence

from cpom_tutor.protocols import ConversationSummary
from cpom_tutor.ui.text import button, escaped

LONGEST_TITLE = 80
LONGEST_SEARCH = 200

_SURE = (
    "Delete all your conversations, your practice and your feedback? "
    "Nothing of it can be brought back; download your data first if you want to keep it."
)


def history(
    conversations: Sequence[ConversationSummary],
    current: str,
    *,
    own_data: str,
    leaving: str = "",
    search: str = "",
    unfolded: bool = False,
    problem: str = "",
) -> str:
    """The list of a learner's conversations.

    Args:
        conversations: to list.
        current: id of the one in use.
        own_data: address of the learner's data as a file.
        leaving: address of the page where an account is deleted; empty where there are no accounts.
        search: what they were searched for; empty where all are listed.
        unfolded: the list is open.
        problem: a sentence about what could not be done.
    """
    alert = f'<p class="alert" role="alert">{escaped(problem)}</p>' if problem else ""
    if conversations:
        body = f"<ul>{''.join(_line(one, current, search) for one in conversations)}</ul>"
    elif search:
        body = f'<p class="none" role="status">No conversation of yours has <q>{escaped(search)}</q> in it.</p>'
    else:
        body = '<p class="none">Your conversations will be listed here.</p>'
    return f"""<nav class="history" aria-label="Conversations"><details{" open" if unfolded else ""}>
<summary>Conversations <span class="count">{len(conversations)}</span></summary>
<div class="kept">{_search(search)}{alert}{body}{_own(own_data, leaving)}</div></details>
{button("New conversation", "fresh", kind="solid")}</nav>"""


def _search(search: str) -> str:
    everything = button("Show all", "find", search="") if search else ""
    return (
        f'<form class="find" role="search" data-enter data-key="find {escaped(search)}">'
        f'<input type="search" name="search" value="{escaped(search)}" maxlength="{LONGEST_SEARCH}"'
        ' aria-label="Search your conversations" placeholder="Search your conversations">'
        f"{button('Search', 'find', kind='solid')}{everything}</form>"
    )


def _line(one: ConversationSummary, current: str, search: str) -> str:
    title = escaped(one.title)
    save = button("Save", "rename", kind="solid", conversation=one.id, search=search)
    questions = f"{one.turns} question{'' if one.turns == 1 else 's'}"
    return (
        f"<li{' class=current' if one.id == current else ''}>"
        f"{button(one.title, 'resume', kind='line', conversation=one.id)}"
        f'<form class="rename" data-enter data-key="{escaped(one.id)} {title}"><input type="text" name="title"'
        f' value="{title}" maxlength="{LONGEST_TITLE}" aria-label="New title of “{title}”">{save}'
        '<button type="button" class="quiet" data-rename="off">Cancel</button></form>'
        f'<span class="when">{questions}, {one.updated_at:%d %b %Y}</span><span class="pair">'
        f'<button type="button" class="quiet" data-rename="on" title="Rename “{title}”">Rename</button>'
        f"{button('Delete', 'remove', title=f'Delete “{one.title}”', conversation=one.id)}</span></li>"
    )


def _own(address: str, leaving: str) -> str:
    forget = button("Delete everything of mine", "forget", sure=_SURE)
    if leaving:
        forget = f'<a class="leaving" href="{escaped(leaving)}">Delete my account and everything of mine</a>'
    return f'<div class="own-data"><a href="{escaped(address)}" download>Download my data</a>{forget}</div>'
