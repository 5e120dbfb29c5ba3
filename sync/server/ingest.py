"""Ingest: a push of one device, taken in by one transaction - op by op, each with its answer.

Owns: the order of the steps and the answers. Does not own: the steps (a file each: see the names
imported), the transaction (database.py), who may push (the web).
A fact is never rejected; only requests are. Nothing here is repeated by a duplicate: it gets the
answer of the first time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from msgspec.structs import replace
from sqlalchemy import Connection

from app.domain.account import FoldItem, Mark
from app.domain.business_day import business_day
from app.domain.facts import MemberJoined, ProfileEditRequested
from app.domain.moment import Moment
from sync.protocol import Adjustment, Op, OpAnswer, Outcome, Push, PushAnswer, Refusal
from sync.server import tables as t
from sync.server.ahead import look_ahead
from sync.server.campaign import decide_campaigns
from sync.server.carried_out import carry_out
from sync.server.chain_head import head_rows
from sync.server.cleared_staff import about_staff
from sync.server.confirmed_day import Stated, confirm_days
from sync.server.copied_op import said_id
from sync.server.database import Overtaken
from sync.server.entitlement import over_the_count
from sync.server.erase import forget_older_joins
from sync.server.erasure_request import decide_erasures
from sync.server.exception_case import Finding, end_recovered, open_cases
from sync.server.faulty_op import FaultyOps, around_faulty
from sync.server.feed import publish
from sync.server.floor_limit import beyond_floor
from sync.server.folding import (
    Accounts,
    changed_rows,
    held_effects,
    known_days,
    lock_accounts,
    names,
)
from sync.server.hearing import Chains, Heard, hear, lock_chains
from sync.server.ledger import ledger_rows, link_rows
from sync.server.member import put_cards, put_joined, working_set_rows
from sync.server.member_keys import KeyRing, keep_keys, key_ring
from sync.server.merge_request import decide_merges
from sync.server.news import Listeners, Told, listeners_of, news_of
from sync.server.oddity import odd_about
from sync.server.op_answer import op_row, place_row, stored_answer
from sync.server.other_side import with_other_side
from sync.server.overdraft import findings
from sync.server.phone_claim import hash_numbers, move_claims
from sync.server.posting import post
from sync.server.profile import (
    ProfileWrite,
    decide_edit,
    entered_with,
    of_person,
    put_profiles,
)
from sync.server.rows import Rows, put_all
from sync.server.sender import SERVER_DEVICE, House, Sender
from sync.server.settlement import Settled, Settling, lock_sales, sales_spoken_of, settle_sales
from sync.server.shown_pass import shown_twice
from sync.server.tier_change import Approved, decide_tiers, grant_tiers
from sync.server.wanted import Found


@dataclass(slots=True)
class _Push:
    """One push on its way through."""

    connection: Connection
    sender: Sender
    house: House
    now_ms: int
    chains: Chains
    heard: list[Heard]
    accounts: Accounts
    findings: list[Finding] = field(default_factory=list)
    refusals: dict[str, Refusal] = field(default_factory=dict)
    in_debt_before: set[str] = field(default_factory=set)

    @property
    def tenant(self) -> str:
        return self.sender.tenant

    @property
    def fresh(self) -> list[Heard]:
        return [each for each in self.heard if each.verdict == "fresh"]


def ingest(
    connection: Connection, sender: Sender, push: Push, now_ms: int, house: House
) -> PushAnswer:
    """Take in a push: one answer per op, in their order. Run it by ServerDatabase.write."""
    keep_keys(connection, sender.tenant, push.keys, house)

    def take_in(part: Push, faulty: FaultyOps) -> PushAnswer:
        chains = lock_chains(connection, sender, part)
        chains.faulty = faulty
        return _ingest(connection, chains, part.ops, now_ms, house)

    return around_faulty(connection, push, take_in)


def _ingest(
    connection: Connection, chains: Chains, ops: Sequence[Op], now_ms: int, house: House
) -> PushAnswer:
    sender = chains.sender
    forked = {epoch for epoch, head in chains.heads.items() if head.state == "forked"}
    heard = hear(chains, ops)
    at = _Push(connection, sender, house, now_ms, chains, heard, Accounts(sender.tenant))
    about = lock_sales(connection, sender.tenant, heard)
    lock_accounts(connection, at.accounts, _members(heard))
    ahead = look_ahead(connection, chains, at.fresh, at.accounts)
    at.in_debt_before = {member for member, each in at.accounts.locked.items() if each.debt}
    _let_wait(at)
    _confirm_days(at)
    _decide_requests(at)
    approved = decide_tiers(connection, at.tenant, at.fresh, at.refusals)
    decide_erasures(connection, at.tenant, at.fresh, at.accounts, at.refusals)
    decide_merges(connection, at.tenant, at.fresh, at.refusals)
    links = _fold(at, ahead.links)
    settled = _judge(at, sales_spoken_of(at.fresh, links) | about, ahead.staff, approved)
    posted = post(connection, sender, at.fresh, at.accounts, now_ms, ahead.promised)
    beyond = beyond_floor(connection, chains, at.accounts, posted.beyond, ahead.floor)
    at.findings += [*posted.findings, *beyond.findings]
    at.findings = with_other_side(connection, sender.tenant, sender.device, at.fresh, at.findings)
    _answer(at)
    listeners = listeners_of(connection, sender, at.accounts, at.fresh, ahead.stores)
    _write(at, settled, listeners, beyond.rows)
    new_forks = {each for each, head in chains.heads.items() if head.state == "forked"} - forked
    told = Told(at.fresh, settled.facts, at.findings, sorted(new_forks))
    news = news_of(connection, sender, at.accounts, told, listeners)
    publish(connection, sender.tenant, [*news, *posted.news])
    carry_out(connection, sender, at.fresh, now_ms, house)
    decide_campaigns(connection, sender, at.fresh, now_ms, house)
    return PushAnswer(
        answers=tuple(_answer_of(each) for each in heard),
        server_ms=now_ms,
        server_epoch=chains.server_epoch,
        heads={epoch: head.dseq for epoch, head in chains.heads.items()},
    )


def _members(heard: Iterable[Heard]) -> set[str]:
    members = set()
    for each in heard:
        known = each.known["member"] if each.known is not None else None
        member = each.member or known or (each.first.member if each.first else None)
        if member is not None and each.verdict in ("fresh", "elsewhere"):
            members.add(member)
    return members


def _let_wait(at: _Push) -> None:
    """Behind a fact that could not be read, those of the same member are kept uncounted as well.

    The account would tell by its mark that it holds the unread one too.
    """
    for each in at.fresh:
        if each.member is None:
            continue
        account = at.accounts.of(each.member)
        if account.waiting and each.names_effects:
            each.state, each.why_unread = "unread", "waits for an earlier one"
        if each.state == "unread":
            account.waiting += 1
            account.is_changed = True


def _confirm_days(at: _Push) -> None:
    today = business_day(Moment(at.now_ms, 0, ""), at.sender.shop_time)
    for epoch, head in at.chains.heads.items():
        mine = [each for each in at.fresh if each.op.epoch == epoch]
        stated = []
        for each in mine:
            if each.stated == date.min:
                each.stated = today
            clock = each.clock or head.last or Moment(at.now_ms, 0, "")
            stated.append(Stated(each.stated, clock))
        confirmed = confirm_days(stated, head.last, at.now_ms, at.sender.shop_time)
        head.last = confirmed.last
        for each, day in zip(mine, confirmed.days, strict=True):
            each.day = day


def _decide_requests(at: _Push) -> None:
    """Edits of profiles, field by field; and what members were entered with."""
    edits = [each for each in at.fresh if isinstance(each.fact, ProfileEditRequested)]
    joins = [each for each in at.fresh if isinstance(each.fact, MemberJoined)]
    if not edits and not joins:
        return
    members = {each.member for each in (*edits, *joins) if each.member is not None}
    people = members | {at.accounts.survivors[each] for each in members}
    ring = key_ring(at.connection, at.tenant, people, at.house)
    writes, edited, entered = [], [], []
    for each in at.fresh:
        write = _profile_write(each, ring, at.accounts.survivors)
        if isinstance(write, Refusal):
            each.state = "rejected"
            at.refusals[each.op.op_id] = write
        elif write is not None:
            is_edit = isinstance(each.fact, ProfileEditRequested)
            writes.append((write, is_edit))
            edited += [(write, each.day)] if is_edit else []
            entered += [] if is_edit else [(each, write)]
    at.findings += move_claims(at.connection, at.accounts, edited, ring, at.house)
    put_profiles(at.connection, at.tenant, writes, ring, at.now_ms)
    hash_numbers(at.connection, at.tenant, entered, ring, at.house)


def _profile_write(
    heard: Heard, ring: KeyRing, survivors: Mapping[str, str]
) -> ProfileWrite | Refusal | None:
    if heard.state != "counted":
        return None
    match heard.fact:
        case ProfileEditRequested() as edit:
            write = decide_edit(edit, ring)
            return write if isinstance(write, Refusal) else of_person(write, ring, survivors)
        case MemberJoined() as joined:
            return entered_with(joined, ring)
        case _:
            return None


def _fold(at: _Push, known_links: Found) -> Found:
    """Fold everything; answers which known facts spoke of the fresh ones before they came."""
    device = at.sender.device
    items: list[FoldItem] = []
    named: set[str] = set()
    for each in at.heard:
        item = _item(each, device)
        if item is not None:
            items.append(item)
            named |= names(item.effects)
    new = {each.op.op_id: each.day for each in at.fresh if each.names_effects}
    at.accounts.days = new
    days = known_days(at.connection, at.tenant, named - new.keys()) | new
    links = [link for link in known_links if link["sale"] in new]
    at.accounts.fold(items, days)
    waiting = {link["member"] for link in links if link["member"] is not None}
    lock_accounts(at.connection, at.accounts, waiting)
    at.accounts.settle(waiting, days)
    return links


def _item(heard: Heard, device: str) -> FoldItem | None:
    """What the fold gets of one op: its effects once, its mark from each place."""
    op, mark = heard.op, Mark(device, heard.op.epoch, heard.op.dseq)
    if heard.verdict == "fresh":
        if heard.member is None or not heard.names_effects:
            return None
        effects = held_effects(heard.effects) if heard.state == "held" else heard.effects
        return FoldItem(op.op_id, heard.member, heard.day, effects, mark)
    if heard.verdict != "elsewhere":
        return None
    if heard.first is not None:
        first = heard.first
        if first.member is None or not first.names_effects:
            return None
        return FoldItem(op.op_id, first.member, first.day, (), mark)
    known = heard.known
    if known is None or known["member"] is None or known["state"] not in ("counted", "held"):
        return None
    return FoldItem(op.op_id, known["member"], date.fromisoformat(known["day"]), (), mark)


def _judge(at: _Push, sales: set[str], staff: Found, approved: Approved) -> Settled:
    """What the accounts show now, what refunds ask for, and what was odd about the ops."""
    settling = Settling(at.connection, at.sender, at.accounts, at.house, at.now_ms)
    settled = settle_sales(settling, at.fresh, sales)
    settled.facts.extend(grant_tiers(settling, approved))
    at.findings += settled.findings
    for member in at.accounts.changed():
        at.findings += findings(at.accounts.locked[member])
    at.findings += over_the_count(at.connection, at.accounts)
    for each in at.heard:
        at.findings += odd_about(each, at.sender)
    kept = _kept(at.fresh)
    at.findings += about_staff(at.connection, at.tenant, kept, at.accounts, staff)
    at.findings += shown_twice(at.connection, at.tenant, kept, at.accounts)
    _enter_members(at)
    return settled


def _enter_members(at: _Push) -> None:
    """Who joined, and new cards. Who was forgotten meanwhile arrives as nobody."""
    joined = [(each, each.fact) for each in at.fresh if isinstance(each.fact, MemberJoined)]
    late = forget_older_joins(at.connection, at.tenant, joined, at.now_ms) if joined else set()
    kept = [each for each in _kept(at.fresh) if each.member not in late]
    at.findings += put_joined(at.connection, at.tenant, kept, at.now_ms)
    put_cards(at.connection, at.tenant, kept)


def _kept(heard: Iterable[Heard]) -> list[Heard]:
    return [each for each in heard if each.state in ("counted", "held")]


# ------------------------------------------------------------------ answers


def _answer(at: _Push) -> None:
    found: dict[str | None, list[Adjustment | None]] = {}
    for each in at.findings:
        found.setdefault(each.op_id, []).append(each.adjustment)
        found.setdefault(each.other_op, []).append(each.mirror)
    for heard in at.fresh:
        op = heard.op
        adjustments = tuple(each for each in found.get(op.op_id, ()) if each is not None)
        heard.answer = OpAnswer(
            op_id=said_id(op.op_id),
            epoch=op.epoch,
            dseq=op.dseq,
            outcome=_outcome(heard, bool(adjustments)),
            day=heard.day,
            adjustments=adjustments,
            refusal=at.refusals.get(op.op_id),
        )


def _outcome(heard: Heard, is_adjusted: bool) -> Outcome:
    match heard.state:
        case "rejected":
            return "rejected"
        case "held" | "unread":
            return "quarantined"
        case "counted":
            return "accepted_adjusted" if is_adjusted else "accepted"


def _answer_of(heard: Heard) -> OpAnswer:
    op = heard.op
    match heard.verdict:
        case "fresh":
            assert heard.answer is not None, op.op_id
            return heard.answer
        case "fork" | "gap":
            outcome: Outcome = "fork" if heard.verdict == "fork" else "retry"
            return OpAnswer(op_id=op.op_id, epoch=op.epoch, dseq=op.dseq, outcome=outcome)
        case "again" | "elsewhere":
            first = heard.first.answer if heard.first is not None else None
            if first is None:
                assert heard.known is not None, op.op_id
                first = stored_answer(heard.known)
            return replace(first, epoch=op.epoch, dseq=op.dseq, duplicate=True)


# ------------------------------------------------------------------ writing


def _write(at: _Push, settled: Settled, listeners: Listeners, spent: Rows) -> None:
    """Everything but the news."""
    connection, tenant, device = at.connection, at.tenant, at.sender.device
    rows = [op_row(each, device, at.now_ms) for each in at.fresh]
    own = [op_row(each, SERVER_DEVICE, at.now_ms) for each in settled.facts]
    places = [each for each in at.heard if each.verdict in ("fresh", "elsewhere")]
    written, *_ = put_all(
        connection,
        tenant,
        Rows(t.op, rows, "ignore"),
        Rows(t.op, own, "new"),
        Rows(t.place, [place_row(each, device) for each in places], "new"),
        head_rows(device, at.chains.heads.values(), drained=at.chains.final),
        ledger_rows(at.fresh, device),
        ledger_rows(settled.facts, SERVER_DEVICE),
        link_rows([*at.fresh, *settled.facts]),
        changed_rows(at.accounts),
        working_set_rows(listeners.met, at.now_ms),
        spent,
    )
    if written != len(rows):
        raise Overtaken("the same op came by another device at the same time")
    open_cases(connection, tenant, at.findings, at.now_ms)
    paid = [at.accounts.locked[each] for each in at.in_debt_before]
    ids = {one for each in paid if not each.debt for one in (each.member, *each.after.includes)}
    end_recovered(connection, tenant, ids, at.now_ms)
