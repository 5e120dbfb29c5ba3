"""The rules of the shop of the pictures, as its program file. Owns: the text, nothing else.

CHOICES and RIVALS are further rules, for a shop whose customers have something to choose.
"""

PROGRAM = """
schema = 1
id = "renmin"
version = "2026.1"
name = { zh = "人民路店会员规则", en = "Renmin Road rules" }
announced = 2025-10-01
effective = 2025-11-01

[[tiers]]
id = "regular"
name = { zh = "普通", en = "Regular" }

[[tiers]]
id = "silver"
name = { zh = "银卡", en = "Silver" }
qualify = { spend = "2000.00" }
discount = "0.05"
earn_rate = "1.2"

[[tiers]]
id = "gold"
name = { zh = "金卡", en = "Gold" }
qualify = { spend = "5000.00" }
discount = "0.12"
earn_rate = "1.5"
points_months = 24

[earning]
birthday_factor = "2"

[redemption]
max_share = "0.5"

[welcome]
offers = ["welcome-30-5"]

[check_in]

[referral]

[[price_lists]]
id = "member-day"
name = { zh = "会员日特价", en = "Member-day price" }
when = { members_only = true, starts = 2026-11-20, ends = 2026-11-22 }
prices = [{ products = ["oil"], price = "55.00" }]

[[offers]]
id = "coupon-150-15"
name = { zh = "满150减15", en = "¥15 off ¥150" }
trigger = "coupon"
coupon_days = 60
threshold = { amount = "150.00" }
group = "order"
effect = { kind = "amount_off", amount = "15.00" }

[[offers]]
id = "coupon-100-8"
name = { zh = "满100减8", en = "¥8 off ¥100" }
trigger = "coupon"
coupon_days = 60
threshold = { amount = "100.00" }
group = "order"
effect = { kind = "amount_off", amount = "8.00" }

[[offers]]
id = "coupon-200-25"
name = { zh = "满200减25", en = "¥25 off ¥200" }
trigger = "coupon"
coupon_days = 60
threshold = { amount = "200.00" }
group = "order"
effect = { kind = "amount_off", amount = "25.00" }

[[offers]]
id = "welcome-30-5"
name = { zh = "新人礼 满30减5", en = "Welcome: ¥5 off ¥30" }
trigger = "coupon"
coupon_days = 30
threshold = { amount = "30.00" }
why = "welcome"
effect = { kind = "amount_off", amount = "5.00" }
"""

CHOICES = """
[[offers]]
id = "milk-gift"
name = { zh = "买牛奶有礼", en = "A present with your milk" }
scope = { products = ["milk"] }
effect = { kind = "gift", products = ["towel", "oil", "calendar"], price = "12.00" }

[[offers]]
id = "oil-gift"
name = { zh = "礼券", en = "Present coupon" }
trigger = "coupon"
effect = { kind = "gift", products = ["towel"] }

[[offers]]
id = "points-5"
name = { zh = "积分兑5元券", en = "¥5 for points" }
trigger = "coupon"
why = "points"
coupon_days = 30
effect = { kind = "amount_off", amount = "5.00" }

[expiring]
offer = "points-5"
points = 200

[[points_prices]]
product = "towel"
points = 500
price = "9.90"

[[points_prices]]
product = "oil"
points = 1500

[[points_prices]]
product = "apple"
points = 100
"""

RIVALS = """
[[offers]]
id = "dairy-six"
name = { zh = "乳品减6元", en = "Dairy: ¥6 off" }
scope = { categories = ["dairy"] }
threshold = { amount = "30.00" }
group = "dairy"
effect = { kind = "amount_off", amount = "6.00" }

[[offers]]
id = "dairy-two"
name = { zh = "乳品减2元", en = "Dairy: ¥2 off" }
scope = { categories = ["dairy"] }
threshold = { amount = "30.00" }
group = "dairy"
effect = { kind = "amount_off", amount = "2.00" }
"""

REWARDS = """
[[rewards]]
id = "towel"
name = { zh = "毛巾一条", en = "A towel" }
points = 800
gives = { kind = "gift", products = ["towel"] }
count = 2
period = "month"

[[rewards]]
id = "milk-cheap"
name = { zh = "牛奶换购", en = "Milk at a third" }
points = 1000
gives = { kind = "product", product = "milk", price = "19.90" }
when = { tier = "silver" }

[[rewards]]
id = "oil"
name = { zh = "橄榄油一瓶", en = "A bottle of olive oil" }
points = 3000
gives = { kind = "gift", products = ["oil"] }

[[rewards]]
id = "gone"
name = { zh = "绝版马克杯", en = "A mug nobody has" }
points = 10
gives = { kind = "gift", products = ["mug"] }

[[rewards]]
id = "five-off"
name = { zh = "5元券", en = "¥5 coupon" }
points = 450
gives = { kind = "coupon", offer = "points-5" }
count = 1
period = "month"

[[offers]]
id = "points-5"
name = { zh = "积分换5元", en = "¥5 for points" }
trigger = "coupon"
coupon_days = 30
effect = { kind = "amount_off", amount = "5.00" }
"""
