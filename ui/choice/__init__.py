"""Choice: what the customer may choose - gift, points price, coupon - over the right column."""
