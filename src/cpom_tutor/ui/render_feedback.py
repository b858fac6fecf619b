"""The learner's word on an answer as HTML: two thumbs, reasons, and what an instructor will see. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from cpom_tutor.accounts import Byline
from cpom_tutor.answers import Conversation, Turn
from cpom_tutor.reviews import Complaint, Feedback
from cpom_tutor.ui.feedback_form import DOWN, LONGEST_WORDS, UP, reason_field
from cpom_tutor.ui.render_account import ACCOUNT_NAME
from cpom_tutor.ui.text import button, escaped

_SEEN = "An instructor will see this question, the answer, your earlier questions in this conversation and your words "


@dataclass(frozen=True, slots=True)
class Opinions:
    """What a learner said of a conversation's turns.

    Attributes:
        byline: under which name instructors read them.
        given: by the turn's place in the conversation, from 0.
        place, problem: where something was sent that could not be kept, and the sentence that says why.
    """

    byline: Byline
    given: Mapping[int, Feedback] = field(default_factory=dict)
    place: int = -1
    problem: str = ""

    def below(self, turn: Turn, place: int, *, among: int) -> str:
        """What stands below a turn; nothing below small talk.

        Args:
            turn: the turn.
            place: its place.
            among: how many turns are shown together with it, 0 for the latest one alone; sent back with the form.
        """
        if isinstance(turn.reply, Conversation):
            return ""
        problem = self.problem if place == self.place else ""
        return thumbs(turn, place, self.given.get(place), among, self.byline, problem)


def seen(byline: Byline) -> str:
    """What an instructor will see, to be read before anything is sent, with the way to change it."""
    if byline.own:
        who, other = f"under your name, {escaped(byline.name)}, because you share it.", "Stop sharing it"
    else:
        who, other = f"under the name “{escaped(byline.name)}”, not who you are.", "Show your name instead"
    way = f' <a href="{ACCOUNT_NAME}" target="_blank">{other}</a>' if byline.theirs_to_change else ""
    return f'<p class="seen">{_SEEN}{who}{way}</p>'


def thumbs(turn: Turn, place: int, given: Feedback | None, among: int, byline: Byline, problem: str = "") -> str:
    """The form, or what was noted with a way to change it."""
    form = _form(turn, place, given, among, byline)
    alert = f'<p class="alert" role="alert">{escaped(problem)}</p>' if problem else ""
    if not given:
        return f'<div class="thumbs">{form}{alert}</div>'
    again = f'<details class="again"{" open" if problem else ""}><summary>Change</summary>{form}</details>'
    return f'<div class="thumbs given">{_noted(given)}{again}{alert}</div>'


def _noted(given: Feedback) -> str:
    why = f" ({', '.join(one.value for one in given.complaints)})" if given.complaints else ""
    words = f"<blockquote>{escaped(given.words)}</blockquote>" if given.words else ""
    verdict = "helpful" if given.helpful else "not helpful"
    return f'<div class="said" role="status"><p>Thank you: noted as <strong>{verdict}</strong>{why}.</p>{words}</div>'


def _form(turn: Turn, place: int, given: Feedback | None, among: int, byline: Byline) -> str:
    up, down = bool(given and given.helpful), bool(given and not given.helpful)
    ticked = given.complaints if given else ()
    reasons = "".join(
        f'<label class="tick"><input type="checkbox" name="{reason_field(one)}" value="yes"'
        f"{' checked' if one in ticked else ''}> <span>{one.value.capitalize()}</span></label>"
        for one in Complaint
    )
    # Another turn, or another word on it, is another form: what was typed into the last one does not stay in it.
    key = f"{turn.asked_at.isoformat()} {given.given_at.isoformat() if given else ''}"
    return f"""<form data-key="{key}"><fieldset class="choice"><legend>Did this help?</legend>
{_thumb(UP, "Yes", up)}{_thumb(DOWN, "No", down)}</fieldset>
<div class="more"><fieldset class="reasons"><legend>What is wrong with it?</legend>{reasons}</fieldset>
<label class="words"><span>In your own words, if you like</span>
<textarea name="words" rows="3" maxlength="{LONGEST_WORDS}">{escaped(given.words if given else "")}</textarea></label>
{seen(byline)}<div class="doing">{button("Send", "opine", kind="solid", turn=place, among=among)}
<button type="reset" class="quiet">Cancel</button></div></div></form>"""


def _thumb(value: str, label: str, chosen: bool) -> str:
    checked = " checked" if chosen else ""
    return (
        f'<label class="thumb {value}"><input type="radio" name="thumb" value="{value}"{checked}>'
        f"<span>{label}</span></label>"
    )
