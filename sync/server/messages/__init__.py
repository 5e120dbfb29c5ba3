"""Messages: sending what waits in the outbox to members' own phones and mail.

Owns: the shop's ways of sending, their words, who gets what without anybody asking. Does not own:
the outbox (../message.py: whoever wants something sent calls its `enqueue`), whether a message may
go (app/domain/message.py), the page that ends them (../pages/stop_page.py).
"""
