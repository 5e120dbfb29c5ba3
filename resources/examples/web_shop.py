"""A web shop that sells through a channel of the central server; said again, an order counts once.

Code: main.py server enrol-code --store 9 --till 1 --channel. Each order, in the shop's time zone:
TZ=Asia/Shanghai SHOP_CODE=... web_shop.py https://server.example key.json 1001 M7F3K2 tea-250 3990
"""

import json
import os
import sys
import time
from base64 import b64decode, b64encode
from hashlib import sha256
from pathlib import Path
from string import Template, ascii_uppercase, digits
from typing import Any

import requests  # and beside it: cryptography, python-stdnum
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey as Key
from stdnum.iso7064.mod_37_36 import calc_check_digit


def say(path: str, **message: Any) -> Any:
    answer = http.post(f"{sys.argv[1]}/v1/{path}", json=message, timeout=30)
    answer.raise_for_status()  # whatever was lost on the way: run this again
    return answer.json()


def keep(**more: Any) -> None:  # before it is said, so that it is the same when said again
    shop.update(more)
    file.with_suffix(".new").write_text(json.dumps(shop), "utf-8")
    file.with_suffix(".new").replace(file)


file, (order, card, sku), cents = Path(sys.argv[2]), sys.argv[3:6], int(sys.argv[6])
http, shop = requests.Session(), json.loads(file.read_text()) if file.exists() else {"ops": {}}
key = Key.from_private_bytes(b64decode(shop["key"])) if "key" in shop else Key.generate()
keep(key=b64encode(key.private_bytes_raw()).decode())
http.headers["Zhanggui-Protocol"], public = "1", key.public_key().public_bytes_raw()
if "who" not in shop:  # the code lets this key in, once
    named = {"device": f"web-{public.hex()[:16]}", "public_key": b64encode(public).decode()}
    keep(who=say("enrol", code=os.environ["SHOP_CODE"], epoch=1, **named))
me, ops, signs = shop["who"], shop["ops"], digits + ascii_uppercase
asked = {"device": me["device"], "challenge": say("challenge", device=me["device"])["challenge"]}
proof = b"zhanggui-device-1\0" + me["device"].encode() + b"\0" + b64decode(asked["challenge"])
token = say("token", signature=b64encode(key.sign(proof)).decode(), **asked)["token"]
http.headers["Authorization"] = f"Bearer {token}"
if order not in ops:  # one fact, linked by its hash to the one before
    places = (me["store_number"], 3), (me["till_number"], 2), (me["epoch"], 2), (len(ops) + 1, 8)
    code = "R" + "".join(signs[n // 36**at % 36] for n, wide in places for at in range(wide)[::-1])
    named = {"op": f"{me['device']}.{order}", "store": me["store"], "day": time.strftime("%F")}
    named |= {"member": say("ask/lookup", card=card)["members"][0]["member"], "sku": sku}
    named |= {"code": code + calc_check_digit(code), "now_ms": str(time.time_ns() // 10**6)}
    shape = Template(Path(__file__).with_name("web_shop_sale.json.in").read_text("utf-8"))
    fact = json.loads(shape.substitute(named, cents=cents, points=cents // 100))
    data = json.dumps(fact, separators=(",", ":")).encode()
    head = b64decode([*ops.values()][-1]["hash"]) if ops else bytes(32)
    link = {"hash": b64encode(sha256(head + data).digest()).decode(), "epoch": me["epoch"]}
    link |= {"op_id": fact["op_id"], "dseq": len(ops) + 1, "data": b64encode(data).decode()}
    keep(ops=ops | {order: link})
json.dump(say("push", ops=[*shop["ops"].values()][-200:])["answers"], sys.stdout)  # old ones too
