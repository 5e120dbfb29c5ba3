"""A complaint at two tills of two stores and their server: opened here, seen and answered there."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from app.services.complaint import NewComplaint, take_complaint
from app.services.complaint_act import answer_complaint, note_complaint
from app.services.complaint_view import CaseView, list_complaints, read_complaint
from app.services.scan import scan_code
from app.services.solution import NewSolution, keep_solution, suggest_solutions
from tests.sync.joined.counter import Counter
from tests.sync.joined.made_chain import Chain, a_chain

pytestmark = pytest.mark.slow


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Chain]:
    with a_chain(tmp_path) as made:
        yield made


def view(counter: Counter, case_id: str) -> CaseView | None:
    found = counter.do(read_complaint, case_id=case_id)
    return found if isinstance(found, CaseView) else None


def has_steps(counter: Counter, case_id: str, count: int) -> bool:
    found = view(counter, case_id)
    return found is not None and len(found.story) == count


def taken(counter: Counter, **told: Any) -> str:
    new = NewComplaint(topic="weight", text="苹果少了 200 g", **told)
    case_id: str = counter.do(take_complaint, new=new).case_id
    return case_id


def test_opened_here_answered_there_while_both_were_alone(chain: Chain) -> None:
    here, there = chain.both
    case = taken(here, member_id=chain.member())
    here.until_sent()
    there.until(partial(has_steps, there, case, 1), "the case came")
    seen = view(there, case)
    assert seen is not None
    assert (seen.text, seen.line.number) == ("苹果少了 200 g", "C0702-1")
    # The member's panel says it there, and the desk of that store has it not among its own.
    state = there.do(scan_code, text=chain.card()).state
    assert state.member.complaint.number == "C0702-1"
    assert there.do(list_complaints).counts.store == 0
    chain.pull_the_cables()
    there.real.sign_in("王芳")
    there.do(answer_complaint, case_id=case, text="店长回电,补差")
    here.do(note_complaint, case_id=case, text="很着急")
    chain.put_them_back()
    for counter in chain.both:
        counter.until(partial(has_steps, counter, case, 3), "both have everything")
    stories = [[entry.text for entry in found.story] for found in _views(chain, case)]
    assert stories[0] == stories[1]
    assert set(stories[0]) == {"苹果少了 200 g", "店长回电,补差", "很着急"}
    assert [found.line.state for found in _views(chain, case)] == ["in_hand", "in_hand"]


def _views(chain: Chain, case: str) -> list[CaseView]:
    found = [view(counter, case) for counter in chain.both]
    return [each for each in found if each is not None]


def test_the_library_is_everybody_s(chain: Chain) -> None:
    here, there = chain.both
    here.real.sign_in("王芳")
    here.do(keep_solution, new=NewSolution("weight", "短秤", "少了", "复称、补差"))
    here.until_sent()
    there.until(lambda: there.do(suggest_solutions, text="苹果短秤"), "the entry came")
    (found,) = there.do(suggest_solutions, text="苹果短秤")
    assert found.answer == "复称、补差"


def test_somebody_s_contact_stays_in_the_store_that_took_it_down(chain: Chain) -> None:
    here, there = chain.both
    case = taken(here, contact="13912345678", name="周小姐")
    known = taken(here, member_id=chain.member())
    here.until_sent()
    there.until(partial(has_steps, there, known, 1), "the later one came")
    assert view(there, case) is None
