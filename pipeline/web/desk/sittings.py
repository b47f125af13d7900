"""What the desk keeps in memory of the reviews that people sit at: raw, and never written down."""

from __future__ import annotations

import hashlib
import hmac
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence

from pipeline.errors import CandourError, UsageError
from pipeline.flow import deciding, desks
from pipeline.flow.desks import Desk, Readings
from pipeline.store.workspace import Workspace
from pipeline.web.desk import panes
from pipeline.web.desk.panes import Rows

_KEPT = 18
# Of a list, how many reviews are worked out while somebody looks at it.
_AHEAD = 3
_NOT_SITTING = (
    "This part of the page came without the page that it belongs to. Nothing was shown. Open the "
    "review again."
)


class Sittings:
    """The rows of the editions that were shown last, so that only what changed is sent again."""

    def __init__(self, workspace: Workspace) -> None:
        self.readings = Readings()
        self._workspace = workspace
        self._rows: OrderedDict[tuple[str, str, int], Rows] = OrderedDict()
        self._labels: dict[str, Mapping[str, str]] = {}
        self._making: dict[str, threading.Lock] = {}
        self._preparing: set[str] = set()
        self._gone: set[str] = set()
        self._lock = threading.Lock()
        self._looked = 0
        threading.Thread(target=desks.warm, daemon=True).start()

    def prepare(self, review: str) -> None:
        """Work out in the background what somebody is about to open; nobody sees it by this."""
        self._begin((review,), self._whole)

    def ahead(self, reviews: Sequence[str]) -> None:
        """The same for the first few of a list that is on the screen, but for the publication."""
        self._begin(reviews[:_AHEAD], self.source)

    def _begin(self, reviews: Sequence[str], then: Callable[[Desk], object]) -> None:
        with self._lock:
            wanted = [one for one in reviews if one not in self._preparing | self._gone]
            self._preparing.update(wanted)
        if wanted:
            threading.Thread(target=self._prepared, args=(wanted, then), daemon=True).start()

    def _prepared(self, reviews: Sequence[str], then: Callable[[Desk], object]) -> None:
        for review in reviews:
            try:
                desk = deciding.prepared(self._workspace, review, self.readings)
                if desk is not None:
                    then(desk)
            except CandourError:
                continue  # whoever opens it is told
            finally:
                with self._lock:
                    self._preparing.discard(review)
                    gone = review in self._gone
                if gone:  # it was withdrawn or purged meanwhile
                    self.forget(review)

    def _whole(self, desk: Desk) -> None:
        self.source(desk)
        self.published(desk)

    def source(self, desk: Desk) -> Rows:
        """The rows of the report as it was received."""
        found = self._known("source", desk.row.review, desk.row.edition)
        return found if found is not None else self._keep("source", desk, panes.source(desk))

    def published(self, desk: Desk) -> Rows:
        """The rows as they will be published. It takes seconds where nobody asked before."""
        review, edition = desk.row.review, desk.row.edition
        with self._lock:
            making = self._making.setdefault(review, threading.Lock())
        with making:
            found = self._known("published", review, edition)
            if found is not None:
                return found
            made = deciding.preview(self._workspace, desk, self._workspace.settings.profile)
            deciding.keep_draft(self._workspace, desk, made)
            with self._lock:
                self._labels.pop(review, None)
                self._labels[review] = panes.labels(desk, made)
                while len(self._labels) > _KEPT:
                    del self._labels[next(iter(self._labels))]
            return self._keep("published", desk, panes.published(made))

    def is_published(self, desk: Desk) -> bool:
        """Whether the rows of this edition as they will be published are there already."""
        return self._known("published", desk.row.review, desk.row.edition) is not None

    def labels(self, review: str) -> Mapping[str, str]:
        """What stands in the place of findings, as far as it was worked out last."""
        return self._labels.get(review, {})

    def changed(self, what: str, desk: Desk, rows: Sequence[str], since: int) -> dict[str, str]:
        """The rows that are not as they were at an edition shown before; all, if it is unknown."""
        before = self._known(what, desk.row.review, since) or ()
        if len(before) != len(rows):
            return {str(at): row for at, row in enumerate(rows)}
        return {str(at): row for at, row in enumerate(rows) if row != before[at]}

    def let_go(self) -> None:
        """Forget every review that was withdrawn or purged since anybody looked, by any program."""
        for entry in self._workspace.ledger.after(self._looked, "withdraw", "purge"):
            self._looked = max(self._looked, entry.seq)
            if entry.review is not None:
                with self._lock:
                    self._gone.add(entry.review)
                self.forget(entry.review)

    def forget(self, review: str) -> None:
        """Let go of everything of a review."""
        self.readings.forget(review)
        with self._lock:
            self._labels.pop(review, None)
            for key in [key for key in self._rows if key[1] == review]:
                del self._rows[key]

    def _known(self, what: str, review: str, edition: int) -> Rows | None:
        with self._lock:
            return self._rows.get((what, review, edition))

    def _keep(self, what: str, desk: Desk, rows: Rows) -> Rows:
        key = (what, desk.row.review, desk.row.edition)
        with self._lock:
            self._rows[key] = rows
            self._rows.move_to_end(key)
            while len(self._rows) > _KEPT:
                self._rows.popitem(last=False)
        return rows


def ticket(form_token: str, review: str) -> str:
    """What a page of the desk gives to its parts: each part belongs to a view in the ledger."""
    return hmac.new(form_token.encode(), f"sitting {review}".encode(), hashlib.sha256).hexdigest()


def require_ticket(given: object, form_token: str, review: str) -> None:
    """UsageError where a part of the page is asked for without the page."""
    expected = ticket(form_token, review)
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), expected.encode()):
        raise UsageError(_NOT_SITTING)


def number(given: str) -> int | None:
    """A number of an address or a form; None where it is none, or longer than any that counts.

    >>> number("12"), number("²"), number("9" * 5000)
    (12, None, None)
    """
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None


def read_ticket(form_token: str, review: str, profile: str, edition: int) -> str:
    """What the page of an approval gives back: that this edition was shown under this profile."""
    return ticket(form_token, f"{review} read {profile} {edition}")


def was_read(given: str, form_token: str, review: str, profile: str, edition: int) -> bool:
    """Whether whoever approves had this edition on the screen, under the profile they approve."""
    expected = read_ticket(form_token, review, profile, edition)
    return hmac.compare_digest(given.encode(), expected.encode())
