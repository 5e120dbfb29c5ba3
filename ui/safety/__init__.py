"""Safety: whether a dead disk would cost sales, said in the header with a way out."""

from app.services.backup_port import BackupKeeper
from ui.window_parts import WindowParts


def register(parts: WindowParts, keeper: BackupKeeper | None) -> None:
    """Hand in who looks after the backups; without one nothing is said."""
    parts.keeper = keeper
