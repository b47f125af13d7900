"""Where in the name of a local service the words begin that say which service it is.

"Zorbel Children's Social Care" tells two things: which area, and which agency. Readers learn from
the second, so only the first is hidden. Bodies whose whole name is a title (boards, trusts,
councils, constabularies, hospitals, schools, homes) are not cut: a label says of what kind they
are.
"""

from __future__ import annotations

from dataclasses import replace

import regex

from pipeline.raw.document import Finding
from pipeline.raw.recognisers import wording
from pipeline.span import Kind, Span

_S = r"(?:[ \u00a0]{1,3}|[ ]?\n)"
# Services that every area has, under these names.
_SERVICE = r"""
    (?:local\ |integrated\ |community\ |specialist\ |adult\ |older\ (?:people|adult)['’]?s?\ )*
    (?: camhs | cypmhs | cmht | crht(?:t)? | hbtt | htt | ihtt | crhtt | iapt | mash | yo[ts] | csc
      | asc | edt | amhp(?:\ (?:service|team|hub))? | rapid\ response\ team
      | child\ and\ adolescent\ mental\ health\ (?:services?|team)
      | (?:community\ )?(?:mental\ health|learning\ disabilit(?:y|ies))\ (?:team|services?)
      | (?:mental\ health\ )?crisis\ (?:resolution\ )?(?:and\ |&\ )?(?:home\ treatment\ )?
        (?:team|service|line|cafe)
      | (?:intensive\ )?home[-\s](?:based\ )?treatment\ team | assertive\ outreach\ team
      | early\ intervention\ (?:in\ psychosis\ )?(?:team|service) | street\ triage(?:\ team)?
      | (?:psychiatric|mental\ health)\ liaison(?:\ (?:team|service))? | liaison\ psychiatry
      | single\ point\ of\ (?:access|contact) | talking\ therapies
      | (?:emergency|accident\ and\ emergency|a&e|a\ &\ e)\ department | accident\ and\ emergency
      | a&e | minor\ injuries\ unit | clinical\ decisions\ unit
      | maternity\ services? | midwifery\ (?:service|team) | health\ visiting\ (?:service|team)
      | school\ nursing\ (?:service|team) | district\ nurs(?:es|ing)(?:\ (?:service|team))?
      | out[-\s]of[-\s]hours(?:\ service)?
      | child(?:ren)?(?:['’]s|s['’])?\ (?:and\ (?:famil(?:y|ies)|young\ people['’]?s?)['’]?\ )?
        (?:social\ (?:care|services|work\ (?:team|service))|(?:specialist\ )?services
        |safeguarding)
      | adult(?:['’]s|s['’]?)?\ (?:social\ (?:care|services)|services|safeguarding(?:\ team)?)
      | social\ (?:services|care|work\ (?:team|department)) | early\ help(?:\ (?:hub|service|team))?
      | multi[-\s]agency\ safeguarding\ hub | emergency\ duty\ (?:team|service)
      | youth\ (?:offending|justice)\ (?:team|service) | leaving\ care\ (?:team|service)
      | looked[-\s]after\ children(?:['’]s)?\ (?:team|service) | fostering\ (?:service|team)
      | family\ support\ (?:team|service)
      | education\ (?:welfare|department|services?)(?:\ service)?
      | housing\ (?:department|options|services?|team) | homeless(?:ness)?\ (?:team|service)
      | (?:drugs?|substance\ misuse|alcohol)\ (?:(?:and|&)\ (?:drugs?|alcohol)\ )?(?:team|services?)
      | probation(?:\ service)? | police\ (?:station|custody(?:\ suite)?|control\ room)
      | safeguarding\ (?:team|unit) | child\ protection\ (?:team|unit)
    )(?:['’]s)?
""".replace(r"\ ", _S)
_TAIL = regex.compile(rf"(?<=[\p{{L}}\d'’]){_S}(?P<it>{_SERVICE})\Z", regex.VERBOSE | regex.I)
_POSSESSIVE = regex.compile(r"['’]s?$")


def cut(text: str, finding: Finding) -> Finding:
    """A body's finding without the words that say which service it is, where such words end it.

    What is left is an area where a gazetteer knows it, or the department of a council had it.
    """
    if finding.kind is not Kind.ORGANISATION:
        return finding
    match = _TAIL.search(finding.span.of(text))
    if match is None:
        return finding
    name = _POSSESSIVE.sub("", finding.span.of(text)[: match.start()].rstrip())
    if not name or wording.only_generic(name):
        return finding
    span = Span(finding.span.start, finding.span.start + len(name))
    area = finding.subkind == "council_department" or any(map(wording.is_area, name.split()))
    if area:
        return replace(finding, span=span, kind=Kind.PLACE, subkind="area")
    return replace(finding, span=span)
