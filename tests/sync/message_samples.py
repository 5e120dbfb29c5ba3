"""One message of each type as a shop would send it; their bytes lie in golden/.

Owns: the samples. Does not own: what is tested with them (test_protocol.py).
"""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from pathlib import Path

from app.domain.chain import GENESIS, chain_hash
from sync import protocol as p
from tests.domain.heart_builders import MEMBER, op

FACTS = Path(__file__).parents[1] / "domain" / "golden"
NOON_MS = 1_795_320_000_000
TILL = "till-renmin-2"
COUPON = "C7Q2M9K4T1XA0B"
SALE = (FACTS / "sale_recorded.3.json").read_bytes()
REFUND = (FACTS / "refund_recorded.3.json").read_bytes()
# An account as the server folds it (msgpack); nobody on the way reads it.
ACCOUNT = bytes.fromhex(
    "de0006a8696e636c7564657391d92430313937633261302d303030302d373030302d383030302d303030303030"
    "303061303031aa6c6173745f7669736974ce000b4a65a66761696e656481cd5f0e3ba57370656e6492cd5f02cd"
    "175280a676697369747392cd5f020180a66561726e656492cd5f023b80"
)
PROFILE = '{"name":"王芳","phone":"13800138000","birthday":"06-18","salutation":"女士"}'.encode()
DAY = date(2026, 11, 21)

FIRST_HASH = chain_hash(GENESIS, SALE)
MEMBER_KEY = p.MemberKey(member=MEMBER, key_id="k1", secret=sha256(b"wang fang").digest())
SALE_OP = p.Op(op_id=op(1), epoch=2, dseq=41, hash=FIRST_HASH, data=SALE)
REFUND_OP = p.Op(op_id=op(2), epoch=2, dseq=42, hash=chain_hash(FIRST_HASH, REFUND), data=REFUND)
FIGURES_SPAN = p.FiguresSpan(
    sums={"sales": 187, "paid": 1_243_050, "tender_cash": 420_000}, active=96, repeated=31,
    paid_minor=771_200, back_minor=21_200, ever_bought=4_211, ever_paid_minor=92_310_400,
    ever_back_minor=1_200_300,
)  # fmt: skip
FIGURES_DAY = p.FiguresDay(day=DAY, sums={"sales": 187, "paid": 1_243_050, "back": 21_200})
HOUR_BEHIND = p.HourBehind(
    hour=18, sales=41, paid_minor=271_300, member_sales=22, member_paid_minor=180_250
)
PERSON_BEHIND = p.PersonBehind(member=MEMBER, card="M****T1YB", sales=4, net_minor=41_230)
RECEIPT_BEHIND = p.ReceiptBehind(
    op_id=op(2), code="R0302000187K", store="lake-road", at_ms=NOON_MS, paid_minor=-3_980, lines=2,
    refund=True, member=MEMBER,
)  # fmt: skip
COHORT_BEHIND = p.CohortBehind(
    cohort=24_318, month=24_322, active=96, repeated=31, paid_minor=771_200, back_minor=21_200
)
ANSWER_BEHIND = p.AnswerBehind(
    op_id=op(3), sale=op(1), receipt="R0302000186M", store="lake-road", day=DAY, at_ms=NOON_MS,
    score=3, channel="page", member=MEMBER,
)  # fmt: skip
CAMPAIGN_GROUP = p.CampaignGroup(members=1_737, came=212, sales=260, takings_minor=2_310_050)
PROMISE = p.Promise(
    id=op(60), device="till-03", points=200, coupons=(COUPON,), entitlements={"coffee-card": 1},
    ends_ms=NOON_MS + 900_000,
)  # fmt: skip
MEMBER_EVENT = p.MemberConfirmed(
    member=MEMBER, version=17, account=ACCOUNT, days={op(1): DAY},
    cards=("M3F7K2P9Q4T1XA", "M8Q2W5E7R9T1YB"), cards_in_use=2,
    home_store="renmin-road", profile=PROFILE, keys=(MEMBER_KEY,), promises=(PROMISE,),
)  # fmt: skip
GRANT = p.GrantGiven(
    grant=op(60), member=MEMBER, buckets={24334: 300, 24337: 500}, coupons=(COUPON,),
    entitlements={"coffee-card": 3}, ends_ms=NOON_MS + 86_400_000,
)  # fmt: skip
MESSAGE = p.MessageTold(
    kind="birthday", state="skipped", at_ms=NOON_MS, why="no_consent", channel="sms"
)
ADJUSTED = p.OpAnswer(
    op_id=op(2), epoch=2, dseq=42, outcome="accepted_adjusted", duplicate=True, day=DAY,
    adjustments=(p.Adjustment(kind="overdraft", case="E-2026-0007", points=-40,
                              text={"other_till": "03"}),),
)  # fmt: skip
REFUSED = p.OpAnswer(
    op_id=op(3), epoch=2, dseq=43, outcome="rejected",
    refusal=p.Refusal(code="phone_taken", text="这个手机号已有会员。",
                      fields={"$.phone": "另一位会员已使用"}),
)  # fmt: skip

EVENTS: tuple[p.Event, ...] = (
    p.ProgramPublished(
        id="renmin", version="2026.2", announced=date(2026, 11, 1), effective=date(2026, 12, 1),
        toml='id = "renmin"\nversion = "2026.2"\n',
    ),
    p.CatalogueChanged(items=(
        p.CatalogueItem(sku="6901234567892", name="纯牛奶 1L", category="dairy",
                        unit_price_minor=1990, member_price_minor=1890, tax_rate="0.13",
                        codes=("6901234567892",)),
        p.CatalogueItem(sku="apple", name="红富士苹果", unit="kg", weighed=True,
                        scale_code="00042", active=False),
    )),
    p.PassKeysChanged(keys=(
        p.PassKey(key_id="pass-7", public=sha256(b"pass-7").digest(), from_ms=NOON_MS,
                  until_ms=NOON_MS + 30 * 86_400_000),
    )),
    MEMBER_EVENT,
    p.StaffChanged(staff=(
        p.StaffCleared(staff="staff-li", name="李娜", role="cashier",
                       permissions=("sell", "refund"), pin_hash="$argon2id$v=19$m=19456,t=2,p=1$x",
                       badge="S5K9W2T7M1QX4B", members=(MEMBER,), active=False),
    )),
    p.FactKnown(device="till-renmin-1", epoch=1, dseq=977, day=DAY, data=SALE),
    p.AnswerChanged(answer=p.OpAnswer(op_id=op(1), epoch=2, dseq=41, outcome="accepted", day=DAY)),
    GRANT,
    p.GrantEnded(grant=op(60), why="written_off"),
    p.Commanded(command="push_again", epoch=1, above=930),
    p.SealedFactKnown(
        fact=p.FactKnown(device="till-renmin-1", epoch=1, dseq=979, day=DAY, data=SALE),
        keys=(p.MemberKey(member=op(3), key_id="key-1", secret=bytes(range(32))),),
    ),
)  # fmt: skip

SAMPLES: tuple[p.Message, ...] = (
    *EVENTS,
    p.Problem(
        title="Too many requests", status=429, code="too_many", detail="请稍后再试。",
        fields={"$.ops[3].hash": "Expected `bytes`"}, retry_after_s=30,
    ),
    SALE_OP, MEMBER_KEY, PROMISE,
    p.Push(ops=(SALE_OP, REFUND_OP), keys=(MEMBER_KEY,), offset_ms=-1_250, final=True),
    ADJUSTED.adjustments[0], p.Refusal(code="not_enough_points", text="积分不足。"), ADJUSTED,
    p.PushAnswer(
        answers=(p.OpAnswer(op_id=op(1), epoch=2, dseq=41, outcome="quarantined", day=DAY),
                 ADJUSTED, REFUSED),
        server_ms=NOON_MS, server_epoch=1, heads={1: 977, 2: 43},
    ),
    EVENTS[1].items[0] if isinstance(EVENTS[1], p.CatalogueChanged) else EVENTS[1],
    EVENTS[2].keys[0] if isinstance(EVENTS[2], p.PassKeysChanged) else EVENTS[2],
    EVENTS[4].staff[0] if isinstance(EVENTS[4], p.StaffChanged) else EVENTS[4],
    p.Positioned(at=7, event=GRANT),
    p.PullAnswer(
        heads={"chain": 12},
        stream="store:renmin-road",
        events=tuple(p.Positioned(at=100 + n, event=event) for n, event in enumerate(EVENTS[:10])),
        head=5120, server_ms=NOON_MS, server_epoch=1, too_old=True,
    ),
    p.LookUp(card="M3F7K2P9Q4T1XA"),
    p.LookUpAnswer(
        members=(MEMBER_EVENT,), server_ms=NOON_MS, server_epoch=1,
        facts=(p.FactKnown(device="till-renmin-1", epoch=1, dseq=978, day=DAY, data=REFUND),),
    ),
    p.PiecesWanted(line="1", start=0, end=2),
    p.Reserve(
        reservation=op(70), member=MEMBER, points=200, coupons=(COUPON,),
        entitlements={"coffee-card": 1}, sale=op(1), own=(op(69),),
        pieces=(p.PiecesWanted(line="1", start=0, end=2),), seconds=600,
    ),
    p.Reserved(reservation=op(70), ends_ms=NOON_MS + 600_000, available=1840, server_ms=NOON_MS,
               refusal=p.Refusal(code="not_enough_points")),
    p.Void(reservation=op(70)),
    p.Voided(reservation=op(70), posted=True, server_ms=NOON_MS),
    p.GrantWanted(grant=op(60), member=MEMBER, points=800, coupons=(COUPON,),
                  entitlements={"coffee-card": 3}, hours=48),
    p.GrantAnswer(given=GRANT, refusal=p.Refusal(code="granted_elsewhere"), server_ms=NOON_MS),
    p.MessagesWanted(member=MEMBER),
    MESSAGE,
    p.MessagesTold(messages=(MESSAGE,), server_ms=NOON_MS),
    p.CampaignWanted(campaign="a1", first=DAY, last=date(2026, 12, 15)),
    CAMPAIGN_GROUP,
    p.CampaignTold(
        chosen=CAMPAIGN_GROUP, control=p.CampaignGroup(members=193, came=9), sales=212,
        cost_minor=212_000, coupons_used=211, takings_minor=1_904_400, server_ms=NOON_MS,
    ),
    p.FiguresWanted(
        first=DAY, last=DAY, beside_first=date(2026, 11, 14), beside_last=date(2026, 11, 14)
    ),
    FIGURES_SPAN,
    FIGURES_DAY,
    p.FiguresTold(
        now=FIGURES_SPAN, before=p.FiguresSpan(sums={"sales": 170, "paid": 1_151_000}),
        days=(FIGURES_DAY,), waiting=3, server_ms=NOON_MS,
    ),
    p.DaysBehindWanted(first=DAY, last=DAY),
    p.DaysBehind(days=(FIGURES_DAY,), server_ms=NOON_MS),
    p.HoursBehindWanted(day=DAY),
    HOUR_BEHIND,
    p.HoursBehind(hours=(HOUR_BEHIND,), server_ms=NOON_MS),
    p.PeopleBehindWanted(figure="repeat_rate", first=DAY, last=DAY, offset=50, rows=50),
    PERSON_BEHIND,
    p.PeopleBehind(
        people=(PERSON_BEHIND,), more=True, refusal=p.Refusal(code="no_such_figure"),
        server_ms=NOON_MS,
    ),
    p.ReceiptsBehindWanted(day=DAY, after=op(1), rows=50),
    RECEIPT_BEHIND,
    p.ReceiptsBehind(receipts=(RECEIPT_BEHIND,), more=True, server_ms=NOON_MS),
    p.AnswersBehindWanted(first=DAY, last=DAY, offset=50, rows=50),
    ANSWER_BEHIND,
    p.AnswersBehind(
        answers=(ANSWER_BEHIND,), more=True, count=71, promoters=40, detractors=9,
        server_ms=NOON_MS,
    ),
    p.CohortsBehindWanted(last=DAY, months=12),
    COHORT_BEHIND,
    p.CohortsBehind(cells=(COHORT_BEHIND,), server_ms=NOON_MS),
    p.PosterWanted(campaign="a1"),
    p.PosterGiven(
        url="https://vip.renmin.example/p/poster/q5dJ2oXh0sZk7w1yTn3bAg",
        refusal=p.Refusal(code="unknown_campaign"), server_ms=NOON_MS,
    ),
    p.PhotoPart(
        photo=op(80), about=op(81), holder=MEMBER, key="k-1", size=52, sha256=FIRST_HASH, start=0,
        data=bytes(52),
    ),
    p.PhotoKept(photo=op(80), have=52, refusal=p.Refusal(code="wrong_hash"), server_epoch=1,
                server_ms=NOON_MS),
    p.PhotoWanted(photo=op(80), about=op(81), holder=MEMBER, start=262_144),
    p.PhotoGiven(
        photo=op(80), key="k-1", size=52, sha256=FIRST_HASH, data=bytes(52),
        refusal=p.Refusal(code="not_here"), server_ms=NOON_MS,
    ),
    p.PageWanted(page="claim", member=MEMBER),
    p.PageGiven(
        url="https://vip.renmin.example/p/claim/q5dJ2oXh0sZk7w1yTn3bAg", ends_ms=NOON_MS,
        refusal=p.Refusal(code="no_public_url"), server_ms=NOON_MS,
    ),
    p.DaySums(day=DAY, ops=188, sales=187, tenders={"cash": 154_320, "card": -955},
              points={"earned": 1543, "spent": 200}),
    p.Digest(epoch=2, dseq=43, head=FIRST_HASH, sums=(p.DaySums(day=DAY, ops=188, sales=187),)),
    p.BlockHead(dseq=1, hash=FIRST_HASH),
    p.DigestAnswer(
        equal=False, known=42, sums=(p.DaySums(day=DAY, ops=187, sales=186),),
        blocks=(p.BlockHead(dseq=1, hash=FIRST_HASH),), server_ms=NOON_MS, server_epoch=1,
    ),
    p.SnapshotWanted(public=sha256(b"one-time").digest()),
    p.Snapshot(
        id="snap-renmin-road-5120", ready=True, size=73_400_320, sha256=sha256(b"file").digest(),
        sealed_key=bytes(80), positions={"chain": 12, "store:renmin-road": 5120}, members=48_211,
        server_ms=NOON_MS, server_epoch=1,
    ),
    p.Enrol(
        code="7KQ2-M9T4", public_key=sha256(b"till").digest(), device=TILL, name="二号收银台",
        epoch=2, claim_secret=sha256(b"claims").digest(), pending={1: 187},
    ),
    p.Enrolled(
        tenant="renmin", device=TILL, epoch=2, store="renmin-road", store_number=1, till_number=2,
        store_name="人民路店", rights=("push", "pull", "ask"), server_ms=NOON_MS, server_epoch=1,
        claim_secret=sha256(b"claims").digest(), public_url="https://card.example.cn",
        chains=(p.ChainPart(epoch=1, first=187, hashes=(FIRST_HASH,)),),
    ),
    p.ChainPart(epoch=1, first=187, hashes=(FIRST_HASH, bytes(32))),
    p.ChallengeWanted(device=TILL),
    p.Challenge(challenge=sha256(b"challenge").digest(), seconds=60),
    p.TokenWanted(device=TILL, challenge=sha256(b"challenge").digest(), signature=bytes(64)),
    p.Token(token="v1.eyJkIjoidGlsbCJ9", seconds=900, server_ms=NOON_MS),
)  # fmt: skip
