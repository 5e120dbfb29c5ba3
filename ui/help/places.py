"""Places: which topic explains which screen, sheet, page and dialog.

Owns: the list. Does not own: the topics (resources/help), screens and dialogs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

TOPIC_OF: Mapping[str, str] = {
    # screens, by their destination
    "ToSetup": "setup",
    "ToSignIn": "sign_in",
    "ToTill": "till",
    "ToPayment": "payment",
    "ToReceipt": "receipt",
    "ToCampaigns": "campaigns",
    "ToCampaignDraft": "campaigns",
    "ToFigures": "figures",
    "ToSegments": "segments",
    "SpanDialog": "figures",
    "ToRefund": "refund",
    "ToShiftOpen": "shift_open",
    "ToShift": "shift",
    "ToShiftClose": "shift_close",
    "ToSettings": "settings",
    "ToDesk": "desk",
    "ToAudit": "audit",
    "ToExceptions": "exceptions",
    "ToPrivacy": "privacy",
    "ToMembers": "member",
    "ToMember": "member",
    "ToMemberImport": "importing",
    "ToStaff": "desk",
    "PersonDialog": "desk",
    "AdjustDialog": "member",
    "ChoiceDialog": "member",
    "EditDialog": "member",
    "MergeFindDialog": "merging",
    "CompareDialog": "merging",
    "ToTiers": "desk",
    "ToComplaints": "complaints",
    "ToSolutions": "complaints",
    "ToSync": "sync",
    "ToTraining": "training",
    # sheets over a column and pages of the settings, by their class
    "WhySheet": "lines",
    "CouponsSheet": "coupons",
    "BenefitsSheet": "coupons",
    "ChoiceSheet": "coupons",
    "RewardSheet": "rewards",
    "KeysPage": "keys",
    "DevicesPage": "devices",
    "BackupPage": "backup",
    "LimitsPage": "approval",
    "AboutPage": "troubles",
    "ServerPage": "server",
    "OfflinePage": "offline",
    # dialogs, by their class; one that is not named here belongs to the screen below it
    "LookUpDialog": "member",
    "JoinDialog": "join",
    "RevealDialog": "member",
    "PointsDialog": "payment",
    "HoldsDialog": "hold",
    "DifferencesDialog": "hold",
    "DiscountDialog": "discount",
    "ApprovalPanel": "approval",
    "VoidDialog": "void",
    "DrawerDialog": "drawer",
    "AmountDialog": "drawer",
    "ReasonDialog": "shift_close",
    "CaptureDialog": "keys",
    "CameraDialog": "camera",
    "WizardDialog": "scanner",
    "ExportDialog": "audit",
    "SafetyDialog": "backup",
    "EraseDialog": "privacy",
    "RetentionDialog": "privacy",
    "TierForm": "desk",
    "LadderDialog": "desk",
    "MoveDialog": "complaints",
    "IntakeDialog": "complaints",
    "PhotoDialog": "complaints",
    "LibraryDialog": "complaints",
    "GiveUpDialog": "sync",
    "RemovalDialog": "sync",
}
OF_THE_SCREEN_BELOW = frozenset({"MoreDialog", "PickDialog", "ConfirmDialog"})
"""Dialogs without a topic of their own: questions and lists of what the screen can do."""
FIRST = "till"


def topic_of(places: Sequence[str]) -> str:
    """The topic of the innermost place that has one; `places`: a screen, then what lies over it."""
    return next((TOPIC_OF[name] for name in reversed(places) if name in TOPIC_OF), FIRST)
