"""The head of the page: what this is, and who is signed in."""

from collections.abc import Callable
from contextlib import suppress

import gradio as gr

from cpom_tutor.account_protocols import SignIns
from cpom_tutor.errors import RecordsUnavailable
from cpom_tutor.ui import theme
from cpom_tutor.ui.render_account import who
from cpom_tutor.ui.visitors import account_of

# What is shown comes later than the page, and is the first to say who is there.
_ON_LOAD = """
window.cpomTutor.applyTheme();
watch('value', () => { window.cpomTutor.applyTheme(); window.cpomAccount.known(element); });
"""


def masthead(page: gr.Blocks, records: SignIns) -> None:
    """Lays out the head inside the current Blocks; it says who opened the page, where somebody is signed in."""
    head = gr.HTML(
        theme.masthead(skip=theme.SKIP), apply_default_css=False, elem_id="masthead", js_on_load=_ON_LOAD
    )  # fmt: skip
    page.load(_signed(records), None, head, show_progress="hidden", api_visibility="private")


def _signed(records: SignIns) -> Callable[..., object]:
    def signed(request: gr.Request) -> object:
        """The head with the name of whoever sent the request; as it is, where that is nobody."""
        with suppress(RecordsUnavailable):  # the screens below say that
            account = account_of(request.cookies, records)
            if account:
                return theme.masthead(skip=theme.SKIP, who=who(account))
        return gr.skip()

    return signed
