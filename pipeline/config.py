"""Settings: defaults live here, configs/default.toml shows them, a workspace may change them."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.errors import UsageError


class Settings(BaseModel):
    """Everything that may be set, with its default and its bounds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    profile: str = Field(default="public", description="The profile used where none is named.")
    min_batch: int = Field(default=5, ge=2, description="A release with fewer reviews is refused.")
    spacy_model: str = Field(
        default="", description="An installed spaCy model to use instead of the shipped tagger."
    )
    threads: int = Field(default=2, ge=1, le=64, description="Threads that models may use.")
    recogniser_seconds: float = Field(
        default=120.0, gt=0, description="A recogniser that takes longer has failed."
    )
    page_least_characters: int = Field(
        default=20, ge=0, description="A page with fewer characters is listed as unread."
    )
    # A page of a scan may be tried four times, each within ocr_page_seconds.
    read_seconds: float = Field(
        default=300.0, gt=0, description="A file, or a page of it, that takes longer is refused."
    )
    read_total_seconds: float = Field(
        default=3600.0, gt=0, description="A file that takes longer in all is refused."
    )
    read_memory_mb: int = Field(
        default=2048, ge=256, description="Memory that reading a file may take; not on Windows."
    )
    most_pages: int = Field(default=1000, ge=1, description="A file with more pages is refused.")
    most_characters: int = Field(
        default=5_000_000, ge=1, description="A file with more text is refused."
    )
    ocr: Literal["auto", "off"] = Field(
        default="auto", description="Text in scans is recognised where Tesseract is installed."
    )
    ocr_languages: str = Field(
        default="eng",
        pattern=r"^[A-Za-z][A-Za-z_]*(\+[A-Za-z][A-Za-z_]*)*$",
        description="The languages of scans, as Tesseract names them: eng, or eng+cym.",
    )
    ocr_page_seconds: float = Field(
        default=60.0, gt=0, description="A page whose recognition takes longer is not read."
    )
    # Retention: `candour retention` lists what is due; people purge it.
    purge_months_after_publication: int = Field(
        default=0, ge=0, le=1200, description="Raw texts are due for purging then; 0 is never."
    )
    purge_months_after_withdrawal: int = Field(
        default=0, ge=0, le=1200, description="Withdrawn reviews are due for it then; 0 is never."
    )
    backup_days: int = Field(
        default=7, ge=0, description="Health says so where the last backup is older; 0: never."
    )


def load(path: Path | None = None) -> Settings:
    """Settings from a TOML file; without one, the defaults. An unknown key is refused."""
    if path is None or not path.exists():
        return Settings()
    try:
        return Settings.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (ValidationError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(
            "The settings file has a key or a value that Candour does not know. Nothing was "
            "changed. Compare it with configs/default.toml."
        ) from error
