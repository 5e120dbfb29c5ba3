"""The poster of a campaign: its code is read from the paper, and nothing hangs over the edge."""

from __future__ import annotations

from datetime import date

from app.devices.code_reader import CodeReader
from app.devices.codes import qr_matrix
from app.devices.poster import HEIGHT_UM, MARGIN_UM, WIDTH_UM, poster_pages
from app.domain.campaign import OfferWords
from app.domain.campaign_record import CampaignRecord
from app.domain.campaign_template import plan_from
from app.domain.frame import GreyFrame, OtherCodeSeen
from app.domain.page import PlacedModules, PlacedText
from tests.real_shop import words_for
from ui.printing.pdf import page_image, pages_pdf, text_width_um

URL = "https://vip.renmin.example/p/poster/q5dJ2oXh0sZk7w1yTn3bAg"
PLAN = plan_from("scan_to_claim", "g7", "扫码领券", date(2026, 11, 21))
LONG = "dairy, fruit, household and everything else in this shop: ¥10 off ¥50"


def test_a_phone_reads_it_and_every_line_fits(qapp: object) -> None:
    record = CampaignRecord(PLAN, OfferWords("满50减10", LONG), 0, "")
    pages = poster_pages("人民路店", record, URL, words_for, text_width_um)
    assert pages_pdf(pages).startswith(b"%PDF")
    for page, offer in zip(pages, ("满50减10", LONG), strict=True):
        assert (page.width_um, page.height_um, page.title) == (WIDTH_UM, HEIGHT_UM, offer)
        texts = [mark for mark in page.marks if isinstance(mark, PlacedText)]
        assert all(
            text_width_um(each.text, each.size_um, each.bold) <= WIDTH_UM - 2 * MARGIN_UM
            for each in texts
        )
        lines = [each.baseline_um for each in texts]
        assert lines == sorted(lines)
        assert lines[-1] < HEIGHT_UM - 10_000
        [code] = [mark for mark in page.marks if isinstance(mark, PlacedModules)]
        assert code.rows == qr_matrix(URL).rows
        image = page_image(page, dpi=60)
        grey = image.convertToFormat(image.Format.Format_Grayscale8)
        frame = GreyFrame(bytes(grey.constBits()), grey.width(), grey.height(), grey.bytesPerLine())
        assert CodeReader().read(frame) == OtherCodeSeen()
