"""Mail: composed inside a transaction, sent after its commit, tried again until it worked.

``outbox`` keeps and sends messages, ``new_users`` tells the maintainer who signed up,
``confirmation`` lets new users prove their address, ``starttls`` makes CKAN's mailer check the
certificate of the mail server.
"""
