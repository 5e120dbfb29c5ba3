"""Replay: a year of a real grocery chain rung up through the real services and the real store.

Owns: reading the Complete Journey baskets, putting a shop together for them, ringing them up, and
comparing the shop afterwards with sums that were made without it. Does not own: any rule of
selling - whatever stands in the store was written by the services a till uses.

What a real till does with the quirks of the data (every one is counted and reported):
- A line of quantity 0 without money is not sold: nobody bought anything. A coupon recorded on it
  was given without goods and is reported, not paid out. With money it is rung up as one piece.
- What is sold by volume (gasoline) has its quantity in thousandths of its unit.
- A code without a product row becomes an unresolved line; the cashier resolves it to the quick
  item and gives it its recorded price. So does a product that has no price.
- A coupon takes off at most what the line costs; what it was worth beyond that is reported.
- A basket too large for one fact is closed, and the rest is rung up as a second sale.
"""
