"""The messages of `scripts/demo-messages`, kept in UTF-8 and brought into each site's own character set."""

import glob
import json
import os
import time

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "demo-messages")


def path(*parts):
    return os.path.join(FOLDER, *parts)


def text(*parts):
    with open(path(*parts), encoding="utf-8") as file:
        return file.read()


def names(folder):
    return sorted(os.path.basename(name) for name in glob.glob(path(folder, "*.hl7")))


def er7(source, control, charset, age=0):
    """An HL7 v2 message ready to send: segments end with CR, time and control id filled in."""
    now = time.strftime("%Y%m%d%H%M%S", time.localtime(time.time() - age))
    lines = source.replace("@TIME@", now).replace("@CONTROL@", control).splitlines()
    return ("\r".join(line for line in lines if line) + "\r").encode(charset)


def city_requests():
    """Request number and FHIR transaction of each row of `city/requests.tsv`."""
    template = text("city", "request.json")
    head, *rows = text("city", "requests.tsv").splitlines()
    columns = head.split("\t")
    for row in rows:
        values = dict(zip(columns, row.split("\t")))
        body = template.replace("@CONTROL@", "M-" + values["NUMBER"])
        for name, value in values.items():
            body = body.replace(f"@{name}@", json.dumps(value, ensure_ascii=False)[1:-1])
        yield values, body.encode()


def corpus():
    """REF messages of the shared corpus beside the repository, when it is there."""
    folder = os.path.join(FOLDER, "..", "..", "..", "shared", "data", "hl7v2")
    for name in sorted(glob.glob(os.path.join(folder, "*.hl7"))):
        with open(name, "rb") as file:
            data = file.read()
        head = data.replace(b"\n", b"\r").split(b"\r")[0]
        if b"|REF^I12" in head:
            yield os.path.basename(name), data
