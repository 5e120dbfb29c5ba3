"""`main.py import`: a dry run changes nothing, every wrong cell is named, good rows come in."""

from pathlib import Path

import pytest

import main
from tests.commands.shops_on_disk import ShopOnDisk, a_shop_that_sold, run_main

PRODUCTS = "sku,name,price\nA1,纯牛奶,59.00\nA2,酸奶,16.90\n"
BROKEN = "sku,name,price\nA1,纯牛奶,fifty\nA2,=cmd,16.90\nA2,酸奶,16.90\nA3,豆浆,3.50\n"


@pytest.fixture
def sold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ShopOnDisk:
    monkeypatch.setenv("ZHANGGUI_KEY_FILE", "1")
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    return a_shop_that_sold().copy_to(tmp_path / "shop")


def bring_in(shop: ShopOnDisk, what: str, text: str, *more: str) -> int:
    file = shop.home / f"{what}.csv"
    file.write_text(text, encoding="utf-8")
    return main.main(["import", what, str(file), "--dir", str(shop.home), *more])


def count(shop: ShopOnDisk, what: str) -> int:
    with main.open_shop(shop.home) as opened:
        if what == "products":
            return opened.lane.run(lambda work: work.products.count())
        return opened.lane.run(lambda work: work.members.count())


def test_a_dry_run_changes_nothing(sold: ShopOnDisk, capsys: pytest.CaptureFixture[str]) -> None:
    before = count(sold, "products")
    assert bring_in(sold, "products", PRODUCTS, "--dry-run") == 0
    assert "Dry run: 2 products would be imported." in capsys.readouterr().out
    assert count(sold, "products") == before


def test_products_come_in(sold: ShopOnDisk, capsys: pytest.CaptureFixture[str]) -> None:
    before = count(sold, "products")
    assert bring_in(sold, "products", PRODUCTS) == 0
    assert "Imported: 2 products." in capsys.readouterr().out
    assert count(sold, "products") == before + 2


def test_wrong_cells_are_named_and_nothing_comes_in(
    sold: ShopOnDisk, capsys: pytest.CaptureFixture[str]
) -> None:
    before = count(sold, "products")
    assert bring_in(sold, "products", BROKEN) == 2
    said = capsys.readouterr()
    assert "row 2, price: 'fifty' is not an amount such as 12.50" in said.err
    assert "row 3, name: '=cmd' looks like a formula; write the plain value" in said.err
    assert "Nothing was imported." in said.out
    assert count(sold, "products") == before


def test_the_good_rows_alone(sold: ShopOnDisk) -> None:
    before = count(sold, "products")
    assert bring_in(sold, "products", BROKEN, "--skip-errors") == 0
    assert count(sold, "products") == before + 2


def test_members_come_in_and_known_ones_are_named(
    sold: ShopOnDisk, capsys: pytest.CaptureFixture[str]
) -> None:
    before = count(sold, "members")
    text = "phone,name,tier,points\n13800138888,欧阳娜娜,gold,1200\n"
    assert bring_in(sold, "members", text) == 0
    assert count(sold, "members") == before + 1
    assert bring_in(sold, "members", text) == 0
    assert "is a member already" in capsys.readouterr().err
    assert main.main(["verify", "--dir", str(sold.home)]) == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param("sku,name,price\n".encode("utf-16"), "save it as CSV UTF-8", id="utf-16"),
        pytest.param(b"sku,name\nA1,x\n", "Columns are missing: price.", id="no price"),
        pytest.param(b"sku,name,price,colour\n", "Nobody knows these columns: colour", id="more"),
        pytest.param(b"sku,name,price\n", "The file has no rows.", id="no rows"),
    ],
)
def test_a_file_that_cannot_be_read(sold: ShopOnDisk, content: bytes, said: str) -> None:
    file = sold.home / "shelf.csv"
    file.write_bytes(content)
    done = run_main("import", "products", str(file), "--dir", str(sold.home))
    assert done.returncode == 2
    assert said in done.stderr


def test_a_file_that_is_not_there(sold: ShopOnDisk, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["import", "members", "nothing.csv", "--dir", str(sold.home)]) == 2
    assert "nothing.csv: No such file or directory" in capsys.readouterr().err
