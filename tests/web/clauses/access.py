"""Everybody reads the open clausier; its two pages that take a file write nothing."""

from web.access import Access, everybody

READ = Access(get=everybody())
SENT = Access(get=everybody(), post=everybody(400), silent=True)
"""A page that takes a file, sent without one."""


def named(**values):
    return lambda world: values


ADDRESSES = {
    "clauses:index": READ,
    "clauses:search": READ,
    "clauses:theme": Access(get=everybody(), kwargs=named(theme="T6")),
    "clauses:references": READ,
    "clauses:reference": Access(get=everybody(), kwargs=named(source="rgpd")),
    "clauses:assistant": READ,
    "clauses:assistant_questions": READ,
    "clauses:assistant_answers": Access(get=everybody(302), opens=True),
    "clauses:assistant_result": Access(get=everybody(302), opens=True),
    "clauses:assistant_adjust": Access(get=everybody(302), opens=True),
    "clauses:assistant_download": Access(get=everybody(), kwargs=named(form="csv")),
    "clauses:download": Access(get=everybody(), kwargs=named(form="csv")),
    "clauses:check": SENT,
    "clauses:cost": SENT,
    "clauses:compare": SENT,
    "clauses:versions": READ,
    "clauses:json": READ,
    "clauses:point_json": Access(get=everybody(), kwargs=named(point="EG-066")),
    "clauses:point": Access(get=everybody(), kwargs=named(point="EG-066")),
    "robots": READ,
    "sitemap": READ,
}
