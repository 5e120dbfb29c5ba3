"""Pages: what a customer's own phone shows of this shop: e-card, joining, claiming a card, and the
end of messages.

Owns: those pages, their words, looks and links. Does not own: tokens at rest (../page_token.py),
members and facts (ports), the routes of tills (../web). Plain HTML, one style sheet, a few lines
of script that renew the code; no cookie, nothing from elsewhere.
"""
