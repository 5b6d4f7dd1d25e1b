"""What is left running with KEEP=1, and how it is used and stopped."""

import os
import shlex

from .network import COUNTY, TOWN

STOP = """#!/bin/sh
# Stops the demonstration's network and removes its folder.
kill {pids} 2>/dev/null
for pid in {pids}; do
    seconds=0
    while kill -0 "$pid" 2>/dev/null && [ "$seconds" -lt 60 ]; do
        sleep 1
        seconds=$((seconds + 1))
    done
done
rm -rf {home}
echo "stopped; {home} is gone"
"""


def keep(terminal, network):
    """Gives the limits of a working day back, writes the script that stops everything, and says what to do next."""
    network.set_policy("30m", "2h")
    stop = os.path.join(network.home, "stop")
    with open(stop, "w", encoding="utf-8") as file:
        pids = " ".join(str(pid) for pid in network.programs.pids())
        file.write(STOP.format(pids=pids, home=shlex.quote(network.home)))
    os.chmod(stop, 0o755)
    binaries = network.programs.binaries
    town, county = network.people[TOWN].home, network.people[COUNTY].home
    terminal.print(
        f"""
The network stays up. Limits are now long enough to take your time.

Submit a consultation of your own, as a doctor of {network.names[TOWN]}:

    export PATH={shlex.quote(binaries)}:$PATH
    export CONSILIUM_HOME={shlex.quote(town)}
    consilium new consultation > form.yaml      # then fill it in: every field says what belongs there
    consilium submit form.yaml                  # prints the case's number
    consilium show CASE                         # where it stands
    consilium why CASE                          # why it went to that hospital

Department 0301 (respiratory medicine) goes to {network.names[COUNTY]}. Answer it there, in another terminal:

    export PATH={shlex.quote(binaries)}:$PATH
    export CONSILIUM_HOME={shlex.quote(county)}
    consilium inbox
    consilium accept CASE && consilium start CASE
    consilium new report > report.yaml          # fill it in
    consilium report CASE --file report.yaml    # signs it with the doctor's key

and close it in the first: consilium close CASE --decision adopted --rating 5

To stop everything and remove it: {stop}"""
    )
