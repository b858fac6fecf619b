"""What an ingest did."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What an ingest did, or would do.

    Attributes:
        sections: how many stand in the corpus.
        added, unchanged, removed: passages by id, against the version that was in service.
        embedded: texts whose vector was computed; 0 where all could be copied.
        refused: (file, reason) of what was left out.
        fingerprint: of the version in service afterwards; empty where there is none.
        built: a new version was put into service.
        seconds: it took.
    """

    sections: int
    added: int
    unchanged: int
    removed: int
    embedded: int
    refused: tuple[tuple[str, str], ...]
    fingerprint: str
    built: bool
    seconds: float

    def to_json(self) -> dict[str, object]:
        """The report as `--json` prints it."""
        return {
            "sections": self.sections,
            "added": self.added,
            "unchanged": self.unchanged,
            "removed": self.removed,
            "embedded": self.embedded,
            "refused": [{"file": file, "reason": reason} for file, reason in self.refused],
            "fingerprint": self.fingerprint,
            "built": self.built,
            "seconds": round(self.seconds, 2),
        }

    def __str__(self) -> str:
        passages = self.added + self.unchanged
        state = "built" if self.built else "no new index version"
        return (
            f"{self.sections} section(s), {passages} passages: {self.added} added, {self.unchanged} unchanged, "
            f"{self.removed} removed; {self.embedded} texts embedded; {state}"
            f"{f' ({self.fingerprint})' if self.fingerprint else ''}, {self.seconds:.1f} s"
        )
