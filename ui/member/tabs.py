"""The tabs of the member himself: orders, points, coupons, benefits, tier, friends,
consents, merges.

Owns: which they are and their order. Does not own: their texts (history.py, ledger.py), tabs of
other rooms (each adds its own: ui/member_tabs.py).
"""

from __future__ import annotations

from typing import Any

from app.services.member_consents import member_consents
from app.services.member_history import (
    member_benefits,
    member_coupons,
    member_tier,
)
from app.services.member_page import member_ledger, member_orders
from app.services.merge_history import merges_of
from app.services.referral import member_referrals
from app.services.survey import answers_of_member
from app.wording import N_
from ui.member.answers import answers_table
from ui.member.consent_acts import open_consent
from ui.member.consents_tab import consents_table
from ui.member.history import benefits_table, coupons_table, tier_table
from ui.member.ledger import ledger_table, orders_table
from ui.member.merge_tab import MERGES, merges_table
from ui.member.referral_tab import referrals_table
from ui.member_tabs import MemberTab
from ui.navigation import ToAudit


def _receipt_in_log(parts: Any, key: str) -> None:
    """Everything that was done about a receipt."""
    parts.navigation.go(ToAudit(key))


OWN_TABS = (
    MemberTab("orders", N_("Orders"), 10, member_orders, orders_table, _receipt_in_log),
    MemberTab("points", N_("Points"), 20, member_ledger, ledger_table),
    MemberTab("coupons", N_("Coupons"), 30, member_coupons, coupons_table),
    MemberTab("benefits", N_("Benefits"), 40, member_benefits, benefits_table),
    MemberTab("tier", N_("Tier"), 50, member_tier, tier_table),
    MemberTab("answers", N_("Answers"), 65, answers_of_member, answers_table, _receipt_in_log),
    MemberTab("consents", N_("Consents"), 90, member_consents, consents_table, open_consent),
    MemberTab(MERGES, N_("Merged"), 95, merges_of, merges_table),
    MemberTab("referrals", N_("Friends"), 97, member_referrals, referrals_table),
)
"""Left room between: complaints, messages and others come from their own rooms."""
