"""Fills in the forms that `consilium new` writes, as a person does in an editor."""

import json


def fill(text, values):
    """`text` with each `section.key` of `values` filled in; every one of them must be in the form."""
    lines = text.splitlines()
    left = dict(values)
    section = ""
    result = []
    for line in lines:
        if line and not line[0].isspace() and line.rstrip().endswith(":"):
            section = line.rstrip()[:-1]
        key = line.strip().split(":")[0] if line.startswith("  ") and ":" in line else ""
        name = f"{section}.{key}"
        if key and name in left and not line.strip().startswith("#"):
            result.append(f"  {key}: {json.dumps(left.pop(name), ensure_ascii=False)}")
        else:
            result.append(line)
    if left:
        raise ValueError(f"not in the form: {', '.join(left)}")
    return "\n".join(result) + "\n"


def report(opinion, disposition, doctor, licence, institution):
    values = {"opinion": opinion, "disposition": disposition, "expert": doctor, "expertLicence": licence}
    values["institution"] = institution
    return "report:\n" + "".join(f"  {key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in values.items())
