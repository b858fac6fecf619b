"""The look: system fonts only, a paper-and-ink palette, everything else in `static/app.css`."""

from pathlib import Path

from gradio.themes.base import Base
from gradio.themes.utils.colors import Color

STATIC = Path(__file__).with_name("static")

_SANS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "Noto Sans", "sans-serif")
_MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace")

_PINE = Color(
    name="pine",
    c50="#eef6f5",
    c100="#d5e9e7",
    c200="#aed4d0",
    c300="#7fb9b4",
    c400="#4c9993",
    c500="#2a7b75",
    c600="#17635e",
    c700="#12504c",
    c800="#103f3c",
    c900="#0d3331",
    c950="#071f1e",
)
_STONE = Color(
    name="stone",
    c50="#fbfaf7",
    c100="#f4f2ec",
    c200="#e5e1d8",
    c300="#d0cabd",
    c400="#a29b8c",
    c500="#716b5f",
    c600="#575248",
    c700="#3e3b35",
    c800="#292723",
    c900="#1c1b18",
    c950="#131210",
)


SKIP = '<a class="skip" href="#question">Skip to the question</a>'
"""The way past the masthead on the page with the question box."""


def masthead(*, skip: str = "", who: str = "") -> str:
    """The head of every page.

    Args:
        skip: the way past it.
        who: who is signed in, as HTML.
    """
    return f"""<header class="masthead">{skip}
<h1><span class="sign" aria-hidden="true">¶</span> CPOM tutor</h1>
<p>Every sentence from the course, with its place in it.</p>{who}
<button type="button" class="quiet" data-theme-switch>Dark theme</button></header>"""


def theme() -> Base:
    """Gradio's own parts in our colours, light and dark."""
    look = Base(primary_hue=_PINE, secondary_hue=_PINE, neutral_hue=_STONE, font=_SANS, font_mono=_MONO)
    return look.set(
        body_background_fill="#fbfaf7",
        body_background_fill_dark="#161513",
        body_text_color="#23211d",
        body_text_color_dark="#ece8df",
        block_background_fill="transparent",
        block_background_fill_dark="transparent",
        block_border_width="0px",
        block_shadow="none",
        block_padding="0px",
        button_primary_background_fill="#17635e",
        button_primary_background_fill_dark="#7fb9b4",
        button_primary_background_fill_hover="#12504c",
        button_primary_background_fill_hover_dark="#aed4d0",
        button_primary_text_color="#ffffff",
        button_primary_text_color_dark="#0d2523",
        input_background_fill="#ffffff",
        input_background_fill_dark="#211f1c",
        input_border_color="#8f8879",
        input_border_color_dark="#7d7668",
        input_placeholder_color="#6b6559",
        input_placeholder_color_dark="#a8a193",
    )


def head() -> str:
    """Our own style and script, inside the page so that nothing more is fetched.

    Not by Gradio's `css`, which rewrites every selector to stand inside its container, where the page's
    own state (the open sheet, the dark theme) cannot be seen.
    """
    style = "".join(map(_static, ("app.css", "practice.css", "review.css", "class.css")))
    script = "".join(map(_static, ("account.js", "app.js", "practice.js", "review.js", "class.js")))
    return f"<style>{style}</style><script>{script}</script>"


_NO_SCRIPT = "<noscript><style>[data-theme-switch] { display: none; }</style></noscript>"


def plain_head() -> str:
    """The same look for a page that is not Gradio's."""
    style = "".join(map(_static, ("app.css", "plain.css")))
    script = "".join(map(_static, ("account.js", "app.js")))
    return f"<style>{style}</style><script>{script}</script>{_NO_SCRIPT}"


def _static(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")
