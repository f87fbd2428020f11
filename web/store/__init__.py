"""What people of an installation like, view, dismiss and keep: a store of its own, never a part of the graph."""

from web.store.keys import ServiceKey
from web.store.people import KEPT, Person, Store
from web.store.shelves import Collection, SavedSearch, Shelves

__all__ = ["KEPT", "Collection", "Person", "SavedSearch", "ServiceKey", "Shelves", "Store"]
