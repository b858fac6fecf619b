"""Clicks on our own HTML as Gradio events.

`gr.Chatbot` was weighed and left: its messages are sanitised Markdown, in which a citation can be neither
a button nor carry which sentence it belongs to, an abstention cannot look unlike an answer, and a remote
image would be fetched. `gr.HTML` sanitises nothing, so `text` escapes everything, and every button with
`data-event` becomes an event of its component with the button's data and what its form is filled in with.
"""

from collections.abc import Mapping

import gradio as gr
from gradio.events import EventListener

EVENTS = (
    "ask", "cite", "read", "about", "resume", "fresh", "remove", "browse",
    "start", "go", "pick", "again", "drop", "leave", "proof",
    "opine", "find", "rename", "forget",
)  # fmt: skip

# Gradio finds the names of a component's own events as quoted words in this code.
_NAMES = ", ".join(f"'{name}'" for name in EVENTS)
_ON_LOAD = (
    f"const names = [{_NAMES}];"
    + """
element.addEventListener('click', (click) => {
  const button = click.target.closest('button[data-event]');
  if (!button || !names.includes(button.dataset.event)) return;
  const sure = button.dataset.sure || (['remove', 'drop'].includes(button.dataset.event) ? `${button.title}?` : '');
  if (sure && !window.confirm(sure)) return;
  trigger(button.dataset.event, {...window.cpomPractice.filled(button, element), ...button.dataset});
});
element.addEventListener('cpom-pick', (picked) => trigger('pick', picked.detail));
watch('value', () => window.cpomTutor.changed(element));
window.cpomPractice.mounted(element);
"""
)


def clickable(value: str = "", *, name: str, template: str = "${value}") -> gr.HTML:
    """An HTML component whose `data-event` buttons can be listened to.

    Args:
        value: its first content, escaped already.
        name: its id on the page.
        template: HTML around the content, for example a live region.
    """
    return gr.HTML(value, html_template=template, elem_id=name, js_on_load=_ON_LOAD, apply_default_css=False)


def on(component: gr.HTML, event: str) -> EventListener:
    """The trigger of one of `EVENTS`, for `gr.on`.

    Gradio makes the same for `component.ask(...)`, but in a form that `gr.on` cannot take.
    """
    trigger = EventListener(event_name=event)
    trigger.__self__ = component  # type: ignore[attr-defined]
    return trigger


def data_of(click: gr.EventData) -> Mapping[str, str]:
    """The data of the clicked button; empty where something else sent the event, whatever it sent."""
    sent = getattr(click, "_data", None)
    if not isinstance(sent, dict):
        return {}
    return {name: value for name, value in sent.items() if isinstance(name, str) and isinstance(value, str)}


def page_of(request: gr.Request) -> str:
    """Names the open page among those of one learner."""
    return str(request.session_hash)


def updates(*parts: str | None) -> tuple[object, ...]:
    """Outputs for Gradio: None leaves a component as it is."""
    return tuple(gr.skip() if part is None else part for part in parts)
