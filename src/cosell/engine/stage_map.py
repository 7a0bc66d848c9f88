"""Which stage of one version of a process is which of another: the map of a migration.

Rules:

1. The map is total: a stage that the other version does not have under the same id is mapped, on
   the main line and on each track that both have. In a track it is written ``poc.running``; the
   items of a list share one map, ``paper_items.sent``.
2. Everything that is wrong with a map is named at once.
3. A track that the other version does not have is led by nobody any more, and needs no map.

This module does not know what becomes of a record.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cosell.engine.bound import Bound, BoundLine
from cosell.errors import InvalidDataError, Problem, did_you_mean
from cosell.events import EventKind, TrailEntry

__all__ = ["StageMap", "stage_map"]

_Stages = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class StageMap:
    """The stage after of each stage before, by line.

    Attributes:
        lines: The map of each line that both versions have; ``None`` is the main line.
        dropped: Tracks that nobody leads any more.
    """

    lines: Mapping[str | None, _Stages]
    dropped: tuple[str, ...]

    def stage(self, track: str | None, stage: str) -> str:
        """Return what a stage is called after; one of a dropped track stays as it is."""
        return self.lines.get(_line_of(track), {}).get(stage, stage)

    def entry(self, entry: TrailEntry) -> TrailEntry:
        """Return a line of the trail with its stages as they are called after."""
        source, target = entry.source, entry.target
        if source is not None and entry.kind is not EventKind.MIGRATED:
            source = self.stage(entry.track, source)
        if target is not None:
            target = self.stage(entry.track, target)
        if (source, target) == (entry.source, entry.target):
            return entry
        return entry.model_copy(update={"source": source, "target": target})


def _line_of(track: str | None) -> str | None:
    """Return the line of a track, which may be that of one item of a list: ``items[nda]``."""
    return None if track is None else track.partition("[")[0]


def stage_map(before: Bound, after: Bound, stages: _Stages) -> StageMap:
    """Return the map from the stages of one bound process to those of another.

    Args:
        before: The process that records follow.
        after: The process that they are to follow.
        stages: The stage after, by stage before, wherever the ids differ.

    Raises:
        InvalidDataError: The map is not total, or names stages that are not there.
    """
    problems = [*_wrong(before, after, stages), *_misled(before, after)]
    if problems:
        raise InvalidDataError(f"the map from {_named(before)} to {_named(after)}", problems)
    lines = {
        name: {
            stage: stages.get(_spelled(name, stage), stage).rpartition(".")[2]
            for stage in line.kinds
        }
        for name, line in before.lines.items()
        if name in after.lines
    }
    return StageMap(lines, tuple(name for name in before.lines if name and name not in after.lines))


def _named(bound: Bound) -> str:
    return f"`{bound.ref.id}@{bound.ref.version}`"


def _spelled(track: str | None, stage: str) -> str:
    """Return a stage as a map has it: in a track with its name, without that of an item."""
    return stage if track is None else f"{track}.{stage}"


def _stages(lines: Mapping[Any, BoundLine]) -> dict[str, str | None]:
    """Return every stage as a map has it, with its line."""
    return {_spelled(name, stage): name for name, line in lines.items() for stage in line.kinds}


def _wrong(before: Bound, after: Bound, stages: _Stages) -> Iterator[Problem]:
    shared = {name: line for name, line in before.lines.items() if name in after.lines}
    old, new = _stages(shared), _stages(after.lines)
    for stage in stages:
        if stage not in old:
            problem = f"there is no stage `{stage}` in {_named(before)}"
            yield Problem(f"stages.{stage}", problem, did_you_mean(stage, old))
    for stage, line in old.items():
        target = stages.get(stage, stage)
        known = [each for each, name in new.items() if name == line]
        if target in known:
            continue
        problem = f"there is no stage `{target}` in {_named(after)}"
        if stage not in stages:
            problem += ", and nothing says what becomes of it"
        yield Problem(f"stages.{stage}", problem, did_you_mean(target, known))


def _misled(before: Bound, after: Bound) -> Iterator[Problem]:
    """Yield each track that leads another part than before."""
    for name, line in before.lines.items():
        other = after.lines.get(name)
        if other is not None and other.part != line.part:
            yield Problem(
                f"tracks.{name}",
                f"it leads `{other.part}` in {_named(after)}, and `{line.part}` before",
                "Give the new track a name of its own.",
            )
