"""Say in words what the rows of a definition mean, for a page or a terminal.

Rules:

1. People's labels stand where there are any; what has none is called by its id.
2. Code (paths, expressions, names of triggers) goes through one function, which marks it as the
   page does.
3. Ids of rules are left to the page: they are a column in one place and brackets in another.

This module does not know where its texts are shown, nor what clocks are: see ``clocks``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from cosell.definition import Line, Process, Stage, Transition
from cosell.definition.access import Edit, ViewRow
from cosell.definition.claim import ClaimKind, claim_name
from cosell.definition.effect import PlannedEffect
from cosell.definition.line import ANY_OPEN, STAY, Input, Lock
from cosell.definition.process import Track
from cosell.money import CONTEXT
from cosell.rules import Criterion
from cosell.rules.explain import shown_constant

__all__ = ["Teller", "cites_text", "flat", "roles_text"]


def flat(text: str | None) -> str:
    """Return a text without its line breaks; nothing for none."""
    return " ".join((text or "").split())


def cites_text(cites: Iterable[str]) -> str:
    """Return the ids of rules in brackets, with a blank before; nothing if there are none."""
    joined = ", ".join(cites)
    return f" [{joined}]" if joined else ""


def roles_text(process: Process, roles: Iterable[str]) -> str:
    """Return the labels of roles, as ``Partner or Account executive``."""
    return " or ".join(process.roles.get(role, role) for role in roles)


class Teller:
    """What the rows of one line mean.

    Args:
        process: The process.
        line: The main line, or one of its tracks.
        code: How code is marked.

    Example:
        >>> from cosell import catalog
        >>> process = catalog.load("qualification").process
        >>> teller = Teller(process, process, code="`{}`".format)
        >>> teller.moved(process.transitions[0]), teller.stages(("*",))
        ('Scope', 'every open stage')
    """

    def __init__(
        self, process: Process, line: Line, code: Callable[[str], str] = "{}".format
    ) -> None:
        self.process = process
        self.line = line
        self.code = code

    def codes(self, names: Iterable[str]) -> str:
        """Return names as code, each once, with commas between."""
        return ", ".join(self.code(name) for name in dict.fromkeys(names))

    def roles(self, names: Iterable[str]) -> str:
        """Return the labels of roles; ``*`` is everybody."""
        named = tuple(names)
        return "everybody" if ANY_OPEN in named else roles_text(self.process, named)

    def stages(self, names: Iterable[str]) -> str:
        """Return the labels of stages; without any it is every stage."""
        labels = {stage.id: stage.label or stage.id for stage in self.line.stages}
        labels[ANY_OPEN] = "every open stage"
        named = [labels[name] for name in names]
        return ("; " if any("," in label for label in named) else ", ").join(named) or "every stage"

    def stage_notes(self, stage: Stage) -> Iterator[str]:
        """Yield how likely deals of a stage are won, and what its fields hold."""
        if stage.probability is not None:
            share = CONTEXT.multiply(stage.probability, 100).normalize()
            yield f"Probability {share:f} %"
        if stage.forecast:
            yield f"Forecast {stage.forecast}"
        for path, value in stage.fields.items():
            yield f"{self.code(path)} is {shown_constant(value)}"

    def moved(self, transition: Transition) -> str:
        """Return the label of the stage that a transition leads to; nothing where it stays."""
        return "" if transition.target == STAY else self.stages([transition.target])

    def inputs(self, transition: Transition, *, required: bool) -> str:
        """Return what the caller must fill in, or may."""
        given = (it for it in transition.inputs if it.required is required)
        return ", ".join(map(self._input, given))

    def _input(self, given: Input) -> str:
        code = self.code(given.path)
        if given.append:
            needs = f", with {' and '.join(map(self.code, given.needs))}" if given.needs else ""
            code = f"one more of {code}{needs}"
        return f"{given.label} ({code})" if given.label else code

    def notes(self, transition: Transition) -> list[str]:
        """Return what else a transition does and asks: claims, effects, who may override it."""
        it = transition
        instead = it.if_claimed
        rows = (
            ("by itself as soon as nothing stands in the way", " " * it.automatic),
            ("takes the claim ", self.codes(map(claim_name, it.claims))),
            ("if another record holds it, instead ", self.code(instead.trigger) if instead else ""),
            ("waits for the claim ", self.codes(map(claim_name, it.waits))),
            ("gives back the claim ", self.codes(it.releases)),
            ("in time for ", ", ".join(map(self.clock_name, it.within))),
            ("empties ", self.codes(it.clear)),
            ("then: ", self.effects(it.effects)),
            (
                "may be overridden, with a reason, by ",
                self.roles(it.override.roles) if it.override else "",
            ),
        )
        return [f"{before}{text}".strip() for before, text in rows if text]

    def effects(self, effects: Iterable[PlannedEffect]) -> str:
        """Return what the host should do."""
        return "; ".join(map(self._effect, effects))

    def _effect(self, effect: PlannedEffect) -> str:
        if effect.process is not None:
            return f"Make a record of {self.code(effect.process)}"
        to = f" ({self.roles([effect.to])})" if effect.to else ""
        return f"{self.process.effects.get(effect.kind, effect.kind)}{to}"

    def clock_name(self, name: str) -> str:
        """Return what people call a clock of this line."""
        labels = {clock.id: clock.label for clock in self.line.clocks}
        return labels.get(name) or name

    def asked(self, criterion: Criterion) -> str:
        """Return what a criterion needs, and when it is asked."""
        need = (
            f"the host's own check {self.code(f'`{criterion.predicate}`')}"
            if criterion.need is None
            else self.code(flat(criterion.need))
        )
        return f"when {self.code(flat(criterion.when))}: {need}" if criterion.when else need

    def locked(self, lock: Lock) -> str:
        """Return what a lock keeps from being edited, where, and for whom it does not."""
        once = ", once it is set" if lock.once else ""
        but = f", except by {self.roles(lock.except_roles)}" if lock.except_roles else ""
        return f"{self.codes(lock.paths)} in {self.stages(lock.stages)}{once}{but}"

    def edited(self, edit: Edit) -> str:
        """Return who may edit what, and where."""
        what = "everything" if ANY_OPEN in edit.paths else self.codes(edit.paths)
        reason = ", with a reason" if edit.reason else ""
        return f"{self.roles(edit.roles)}: {what}{self._where(edit)}{reason}"

    def seen(self, view: ViewRow) -> str:
        """Return who sees what, and where."""
        what = "everything"
        if view.show is not None:
            what = f"only {self.codes(view.show)}"
        elif view.hide:
            what = f"everything but {self.codes(view.hide)}"
        reveal = f"; {self.codes(view.reveal)} nevertheless" if view.reveal else ""
        return f"{self.roles(view.roles)}: {what}{self._where(view)}{reveal}"

    def _where(self, row: Edit | ViewRow) -> str:
        """Return in which stages a row holds, and under which condition."""
        stages = f", in {self.stages(row.stages)}" if row.stages else ""
        when = f", when {self.code(flat(row.when))}" if row.when else ""
        return f"{stages}{when}"

    def claimed(self, kind: ClaimKind) -> Iterator[str]:
        """Yield what is said of a kind of claims."""
        if kind.keys:
            yield f"held from the opening on: {self.codes(kind.keys)}"
        if kind.known_to is not None:
            yield f"who holds it is told to {self.roles(kind.known_to) or 'nobody'}"
        if kind.next:
            yield f"the next in line asks for {self.code(kind.next)}"

    def led(self, track: Track, name: str) -> str:
        """Return which part of the record a track leads, and how it ends."""
        part = self.code(track.part or name)
        whole = f"Each item of {part} runs by itself, called by its {self.code(str(track.key))}."
        led = f"It leads {part}." if track.key is None else whole
        end = "It stops with the main line."
        return f"{led} {end if track.at_end == 'cancel' else 'It goes on after the main line.'}"
