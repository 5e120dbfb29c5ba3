"""The till's encrypted local store: SQLAlchemy Core over SQLCipher.

Owns: the file, its keys, the one thread that touches it, the schema, one module per noun.
Does not own: any rule of the shop (app/domain), what a person may ask for (app/services).
"""
