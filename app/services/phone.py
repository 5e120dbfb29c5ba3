"""Phones at the edge: the fast Chinese rule first, every other country by the full library.

Owns: choosing between the two. Does not own: the Chinese rule (app/domain/phone.py), masking.
"""

from __future__ import annotations

from app.domain.phone import Overseas, Phone, PhoneAnswer, parse_phone


def read_phone(text: str) -> PhoneAnswer:
    """Read what was typed. `Overseas` in the answer: a country code, but no such mobile number."""
    answer = parse_phone(text.strip())
    if not isinstance(answer, Overseas):
        return answer
    import phonenumbers as library  # 23 MB: only for the few numbers that need it
    from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

    try:
        number = library.parse(answer.text, None)
    except NumberParseException:
        return answer
    mobile = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
    if not library.is_valid_number(number) or library.number_type(number) not in mobile:
        return answer
    return Phone(library.format_number(number, PhoneNumberFormat.E164))
