# SPDX-License-Identifier: Apache-2.0
"""How the measurements print what they found."""


def table(rows):
    """Rows of texts, the first the heading; the first column left, the others right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        first, *others = (text.ljust(width) if column == 0 else text.rjust(width)
                          for column, (text, width) in enumerate(zip(row, widths)))
        print("  ".join([first, *others]).rstrip())


def target(what, limit, measured, floor, met):
    """The line that test/bench/run collects. All but the last are texts."""
    print(f"target: {what} | {limit} | {measured} | {floor} | {'met' if met else 'NOT MET'}",
          flush=True)


def quantile(values, share):
    """The value that this share of the values does not exceed."""
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]
