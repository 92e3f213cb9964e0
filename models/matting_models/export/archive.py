"""Removing from a TorchScript file what it carries about the machine that wrote it.

Records named *.debug_pkl hold the paths of the Python sources; they serve stack traces only. The
serialization id is a hash over all records, those included; readers do without it. The rest is
written again as it was, uncompressed, each record at a multiple of 64 bytes as LibTorch places
them, and without times. Written with PYTHONHASHSEED=0 (torch writes constants in the order of a
set), the same weights give the same bytes.
"""

import struct
import zipfile
from pathlib import Path

DROPPED = (".debug_pkl", "/serialization_id")
ALIGNMENT = 64
LOCAL_HEADER_BYTES = 30  # before the name: PKWARE APPNOTE, 4.3.7
EXTRA_FIELD_ID = 0x4246  # "FB", the padding field that LibTorch itself uses
FIRST_DATE = (1980, 1, 1, 0, 0, 0)


def strip_debug_records(source: Path, destination: Path) -> None:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(destination, "w") as new:
        root = old.namelist()[0].split("/")[0]
        for name in old.namelist():
            if not name.endswith(DROPPED):
                write_aligned(new, "matting" + name[len(root) :], old.read(name))


def write_aligned(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    assert archive.fp is not None
    record = zipfile.ZipInfo(name, FIRST_DATE)
    before_extra = archive.fp.tell() + LOCAL_HEADER_BYTES + len(name.encode())
    padding = -(before_extra + 4) % ALIGNMENT
    record.extra = struct.pack("<HH", EXTRA_FIELD_ID, padding) + b"Z" * padding
    archive.writestr(record, data)
