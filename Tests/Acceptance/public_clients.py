#!/usr/bin/env python3
"""Public clients against a real hub, with no program of ours between them and the wire but the gateway.

A hospital in a network namespace of its own that nothing can connect into: `mllp_send` of the PyPI package `hl7` sends
REF^I12 to the gateway, the package's MLLP server takes the answers; `curl` with a client certificate submits a FHIR
bundle, reads, accepts and reports. In between the link is cut and the gateway killed: nothing is lost or doubled.

usage: public_clients.py --bin FOLDER   (with consiliumd and consilium; run with the Python that has `hl7`)
Exit status 0: passed, or left out with a notice; 1: failed.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from hospital import Hospital  # noqa: E402
from network import Failed, Network, wait  # noqa: E402
from namespace import Namespace  # noqa: E402
import messages  # noqa: E402

CASES = 12


def expect(is_true, text):
    if not is_true:
        raise Failed(text)


def send_until_acknowledged(hospital, network, numbers, disturb=None):
    """Sends each message with mllp_send until the hospital has a positive acknowledgement, as an engine would."""
    cases = {}
    unanswered = 0
    for position, number in enumerate(numbers):
        if disturb:
            disturb(position)
        for _ in range(8):
            answer = hospital.mllp_send(messages.referral(number))
            if answer is None:
                unanswered += 1
                hospital.keep_gateway()
                network.namespace.link(True)
                continue
            code, text = answer
            expect(code == "AA", f"{number}: {code} {text}")
            cases[number] = text.split()[-1]
            break
        expect(number in cases, f"{number} was never acknowledged")
    return cases, unanswered


def submit_by_curl(network):
    """A FHIR bundle in, and the same request read back, by curl alone."""
    city = network.members["CITY/node/curl"]
    status, headers, _ = city.curl("POST", "/fhir", messages.bundle("CURL-1", "CITY"))
    expect(status in (200, 201), f"bundle: {status}")
    case = headers["consilium-case"]
    found = city.get("/fhir/ServiceRequest?identifier=CURL-1")
    expect([entry["resource"]["id"] for entry in found["entry"]] == [case], "the bundle is not found by its number")
    status, again, _ = city.curl("POST", "/fhir", messages.bundle("CURL-1", "CITY"))
    expect(status == 200 and again["consilium-case"] == case, "the same bundle again is another case")
    return case


def answer_all(national, cases):
    """Accepts and reports every case offered to the national hospital, by curl."""
    for case in cases:
        task = national.get(f"/fhir/Task/{case}-o1")
        for step in ("accepted", "in-progress"):
            task = national.put_task(task, step)
        version = national.get(f"/fhir/ServiceRequest/{case}")["meta"]["versionId"]
        status, _, body = national.curl("POST", "/fhir", messages.report(task, case, version, "NATIONAL"))
        expect(status in (200, 201), f"report of {case}: {status} {body[:300]}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", required=True)
    arguments = parser.parse_args()
    try:
        import hl7  # noqa: F401
    except ImportError:
        return notice("the Python package hl7 is not installed")
    if os.geteuid() != 0:
        return notice("network namespaces need root")
    for program in ("ip", "nft", "curl"):
        if not shutil.which(program):
            return notice(f"{program} is not installed")

    folder = tempfile.mkdtemp(prefix="consilium-acceptance-")
    namespace = Namespace()
    network = None
    hospital = None
    try:
        try:
            namespace.make()
        except subprocess.CalledProcessError as error:
            return notice(f"no network namespace can be made here: {error}")
        network = Network(arguments.bin, folder, namespace)
        network.found()
        hospital = Hospital(network, folder)
        hospital.start()
        expect(namespace.refuses_inbound(hospital.gateway_port), "the hospital can be connected into")

        numbers = [f"NS-{position}" for position in range(CASES)]
        plain, _ = send_until_acknowledged(hospital, network, numbers[:4])

        def disturb(position):
            if position == 1:
                namespace.link(False)
            if position in (3, 6):
                hospital.kill_gateway()

        disturbed, unanswered = send_until_acknowledged(hospital, network, numbers[4:], disturb)
        expect(unanswered > 0, "the disturbances disturbed nothing")
        cases = {**plain, **disturbed}
        # What was acknowledged is one case each, also when it is sent once more.
        again, _ = send_until_acknowledged(hospital, network, numbers)
        expect(again == cases, "a message sent again is another case")
        expect(len(set(cases.values())) == CASES, "two numbers share a case")
        submit_by_curl(network)
        queue = network.administrator.json("queue")
        rows = queue["entries"] if isinstance(queue, dict) else queue
        expect(len(rows) == CASES + 1, f"{len(rows)} cases instead of {CASES + 1}")

        # The answers come back through the gateway, with the link cut and the gateway killed meanwhile.
        answer_all(network.members["NATIONAL/node/curl"], list(cases.values())[:6])
        namespace.link(False)
        answer_all(network.members["NATIONAL/node/curl"], list(cases.values())[6:])
        time.sleep(1)
        namespace.link(True)
        hospital.kill_gateway()
        hospital.keep_gateway()
        wait(lambda: len(hospital.received()) >= 3 or None, "the first answers", 60)
        hospital.kill_gateway()
        hospital.keep_gateway()

        def complete():
            reports = [m for m in hospital.received().values() if "ORU^R01" in m]
            return len(reports) == CASES or None

        wait(complete, "all reports at the hospital's system", 90)
        received = hospital.received()
        for number in numbers:
            about = [m for m in received.values() if "ORU^R01" in m and re.search(rf"\|{number}[|^]", m)]
            expect(len(about) == 1, f"{number}: {len(about)} reports under different control ids")
            expect("張珅" in about[0] and "珅字应原样返回" in about[0], f"{number}: the text has changed")
        print(
            f"public clients: {CASES} messages by mllp_send and one bundle by curl, {unanswered} unanswered and sent "
            f"again; {len(received)} answers delivered, {hospital.repeated()} of them repeated under their own control id"
        )
        return 0
    except Failed as error:
        print(f"failed: {error}", file=sys.stderr)
        for name in ("hub", "gateway", "his"):
            path = os.path.join(folder, name + ".log")
            if os.path.exists(path):
                with open(path, encoding="utf-8", errors="replace") as file:
                    print(f"--- {name}\n" + file.read()[-1500:], file=sys.stderr)
        return 1
    finally:
        if hospital:
            hospital.stop()
        if network:
            network.stop()
        namespace.remove()
        shutil.rmtree(folder, ignore_errors=True)


def notice(text):
    print(f"notice: {text}; the acceptance of public clients is left out", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
