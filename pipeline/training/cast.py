"""Whom and what the frames of a review may speak of, and who is meant by a slot."""

from __future__ import annotations

from pipeline.training.world import World

PLACE_SLOTS = frozenset(
    "area town oldarea county street oldstreet address oldaddress estate home".split()
)
_ALWAYS = frozenset(
    "later past collar nhs upn caseref crimeref courtref nino plate phone postcode email url when "
    "date month season year born incident published start end age ageold ageyears n num nth dur "
    "ethnicity religion injury operation kid kids social parents family safeguarding "
    "woman_or_man".split()
)


def available(world: World) -> frozenset[str]:
    """Everybody and every service that frames may speak of in this world, aliases included."""
    known = set(world.people) | set(world.orgs) | {"carer"}
    if world.about == "adult":
        known = known - {"school", "school2", "nursery"} | {"adult"}
    else:
        known = known - {"carehome", "agency"} | {"child"}
    if world.stage in {"infant", "toddler"}:
        known -= {"school", "school2"}
    if world.stage in {"primary", "teen"}:
        known -= {"nursery"}
    if "abroad" in world.tags:
        known |= {"language", "country"}
    return frozenset(known) | PLACE_SLOTS | _ALWAYS


def resolved(world: World, known: frozenset[str], slot: str) -> str:
    """The key of who or what a slot means; of "a_or_b" the first that the world has."""
    names_of = [slot] if slot in known else [s for s in slot.split("_or_") if s in known]
    if not names_of:
        raise KeyError("the world has nothing for the slot")
    carer = "mother"
    if world.about == "adult":
        carer = "daughter" if "daughter" in world.people else "partner"
    return {"child": "subject", "adult": "subject", "carer": carer}.get(names_of[0], names_of[0])
