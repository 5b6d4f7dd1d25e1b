"""Reads reports back with the tools that auditors use, and compares them with the report's JSON.

usage: check_reports.py FOLDER

FOLDER holds scorecard.json, and scorecard-LANG.html, .xlsx and, where WeasyPrint is installed, .pdf for each LANG of en
and zh. The workbook is read by openpyxl, the PDF by pdftotext, the page is shown by headless Chromium and examined by
axe. What a missing tool would check is left out with a notice. CONSILIUM_REPORT_PICTURES names a folder for screenshots.
Exits 1 and prints each difference when there is one.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

LANGUAGES = ("en", "zh")
HIDDEN = {"en": "hidden (1-10)", "zh": "已隐藏（1-10）"}
VALUELESS = {
    "too-few": {"en": "too few", "zh": "数量不足"},
    "not-assessable": {"en": "not assessable", "zh": "不可评估"},
    "nothing-observed": {"en": "no value", "zh": "无数值"},
    "suppressed": HIDDEN,
}
VERDICTS = {
    "met": {"en": "met", "zh": "达标"},
    "not-met": {"en": "not met", "zh": "未达标"},
    "not-shown": {"en": "not shown", "zh": "未能证明"},
    "failures": {"en": "failed", "zh": "不符"},
}
SHEETS = {
    "en": ["summary", "measures", "strata", "profile", "triangle", "trends", "sensitivity"],
    "zh": ["汇总", "指标", "分层", "画像", "三角指数", "趋势", "敏感性"],
}

differences = []
done = []


def expect(condition, *what):
    if not condition:
        differences.append(" ".join(str(word) for word in what))


def notice(text):
    """Something is left out because a tool is missing: a difference where CONSILIUM_REQUIRE_ALL is set."""
    print("notice:", text)
    if os.environ.get("CONSILIUM_REQUIRE_ALL"):
        differences.append(text)


def text_of(language, pair):
    return pair["zh" if language == "zh" else "en"]


def check_workbook(path, report, language):
    try:
        import openpyxl
    except ImportError:
        return notice("openpyxl is not installed; the workbook is not read back")
    book = openpyxl.load_workbook(path)
    expect(book.sheetnames == SHEETS[language], path.name, "sheets", book.sheetnames)
    for sheet in book.worksheets:
        rows = list(sheet.iter_rows())
        head = " ".join(str(cell.value) for row in rows[:4] for cell in row if cell.value is not None)
        for word in (report["period"]["label"], report["snapshot"]["hash"], report["network"]):
            expect(word in head, path.name, sheet.title, "lacks", word)
        for row in rows:
            for cell in row:
                expect(cell.data_type != "f", path.name, sheet.title, cell.coordinate, "is a formula")
    measures = {row[0].value: row for row in book.worksheets[1].iter_rows()}
    for line in report["measures"]:
        row = measures.get(line["id"])
        if row is None:
            differences.append(f"{path.name}: no measure {line['id']}")
            continue
        name = f"{path.name} {line['id']}"
        expect(row[1].value == line["version"], name, "version", row[1].value)
        for column, key in ((5, "numerator"), (6, "denominator"), (7, "counted")):
            hidden = HIDDEN[language] if line["standing"] == "suppressed" else None
            expect(row[column].value == line.get(key, hidden), name, key, row[column].value)
        if "value" in line:
            expect(isinstance(row[9].value, (int, float)), name, "value is no number:", row[9].value)
            expect(abs(row[9].value - line["value"]) <= 1e-12 * abs(line["value"]), name, "value", row[9].value)
        else:
            expect(row[9].value == VALUELESS[line["standing"]][language], name, "instead of a value", row[9].value)
        if "verdict" in line:
            word = VERDICTS[line["verdict"]][language]
            expect(word in (row[17].value or ""), name, "verdict", row[17].value)
    strata = [row for row in book.worksheets[2].iter_rows(values_only=True)]
    for table in report["tables"]:
        for stratum in table["rows"]:
            found = [
                row for row in strata if row[0] == table["measure"] and row[3] == stratum["code"]
            ]
            expect(found, path.name, table["measure"], stratum["code"], "is missing")
            if stratum["isSuppressed"]:
                for row in found:
                    if row[5:8] == (HIDDEN[language],) * 3:
                        break
                else:
                    differences.append(f"{path.name}: {table['measure']} {stratum['code']} is not hidden: {found}")
    done.append(path.name)


def check_pdf(path, report, language):
    if not path.exists():
        return notice(f"{path.name} was not made (WeasyPrint is not installed); it is not read back")
    if shutil.which("pdftotext") is None:
        return notice("pdftotext is not installed; the PDF is not read back")
    read = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True)
    pages = read.stdout.decode().rstrip("\f").split("\f")
    expect(len(pages) >= 3, path.name, "has", len(pages), "pages")
    for number, page in enumerate(pages, 1):
        for word in (report["period"]["label"], report["snapshot"]["hash"]):
            expect(word in page, path.name, "page", number, "lacks", word)
        if report["isGenerated"]:
            banner = {"en": "GENERATED HISTORY", "zh": "生成的历史数据"}[language]
            expect(banner in page, path.name, "page", number, "does not say that it is generated")
    whole = " ".join(" ".join(pages).split())
    close = whole.replace(" ", "")
    for line in report["measures"]:
        expect(f"{line['id']} v{line['version']}" in whole, path.name, "lacks", line["id"])
        if "numerator" in line and line["standing"] == "valid":
            expect(f"{line['numerator']}/{line['denominator']}" in whole, path.name, line["id"], "lacks its counts")
    for verdict in {line["verdict"] for line in report["measures"] if "verdict" in line}:
        expect(VERDICTS[verdict][language].replace(" ", "") in close, path.name, "lacks the verdict", verdict)
    for pair in report["notices"] + report["triangle"]["notices"]:
        words = text_of(language, pair).replace(" ", "")
        expect(words in close, path.name, "lacks the notice", words)
    # Letters that begin inside the sheet and end beyond its margin (12 mm, 34 points) are cut off in print.
    boxes = subprocess.run(["pdftotext", "-bbox", path, "-"], capture_output=True, check=True).stdout.decode()
    width = float(re.search(r'<page width="([0-9.]+)"', boxes).group(1))
    for right, word in re.findall(r'xMax="([0-9.]+)" yMax="[0-9.]+">([^<]*)<', boxes):
        expect(float(right) <= width - 33, path.name, "is cut off at", word)
    expect("\ufffd" not in whole, path.name, "has characters that could not be read")
    done.append(path.name)


def check_pages(folder, report):
    try:
        from axe_playwright_python.sync_playwright import Axe
        from playwright.sync_api import sync_playwright
    except ImportError:
        return notice("playwright or axe is not installed; the pages are not shown")
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        return notice("chromium is not installed; the pages are not shown")
    pictures = os.environ.get("CONSILIUM_REPORT_PICTURES")
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for path in sorted(folder.glob("*.html")):
            check_page(browser, Axe(), path, report, pictures)
        browser.close()


def check_page(browser, axe, path, report, pictures):
    language = "zh" if path.stem.endswith("-zh") else "en"
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    requests, errors = [], []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: errors.append(message.text))
    page.goto(path.as_uri())
    expect(requests == [path.as_uri()], path.name, "asks for", requests)
    expect(not errors, path.name, "the browser says", errors)
    result = axe.run(page)
    expect(result.violations_count == 0, path.name, "axe:", result.generate_report())
    expect(page.evaluate("document.documentElement.lang").startswith(language), path.name, "language")
    bare = page.evaluate(
        """[...document.querySelectorAll('svg')].filter(svg => svg.getAttribute('role') !== 'img'
             || !svg.querySelector('title')?.textContent || !svg.querySelector('desc')?.textContent).length"""
    )
    expect(bare == 0, path.name, bare, "pictures lack a title or a description")
    clipped = page.evaluate(
        """[...document.querySelectorAll('svg text')].filter(text => {
             const own = text.getBoundingClientRect(), frame = text.ownerSVGElement.getBoundingClientRect();
             return own.left < frame.left - 1 || own.right > frame.right + 1 || own.bottom > frame.bottom + 1;
           }).map(text => text.textContent)"""
    )
    expect(not clipped, path.name, "letters beyond their picture:", clipped)
    if path.stem.startswith("scorecard"):
        shown = page.inner_text("body")
        for line in report["measures"]:
            expect(f"{line['id']} v{line['version']}" in shown, path.name, "lacks", line["id"])
            if "numerator" in line and line["standing"] == "valid":
                counts = f"{line['numerator']}/{line['denominator']}"
                expect(counts in shown, path.name, line["id"], "lacks its counts", counts)
    save(page, pictures, f"{path.stem}-screen.png")
    for width, medium, name in ((400, "screen", "phone"), (703, "print", "paper")):
        page.emulate_media(media=medium)
        page.set_viewport_size({"width": width, "height": 1000})
        needed = page.evaluate("document.documentElement.scrollWidth")
        expect(needed <= width, path.name, name, "is", needed, "wide, not", width)
        save(page, pictures, f"{path.stem}-{name}.png")
    page.close()
    done.append(path.name)


def save(page, folder, name):
    if folder:
        page.screenshot(path=pathlib.Path(folder) / name, full_page=True)


def main():
    folder = pathlib.Path(sys.argv[1]).resolve()
    report = json.loads((folder / "scorecard.json").read_text())
    for language in LANGUAGES:
        check_workbook(folder / f"scorecard-{language}.xlsx", report, language)
        check_pdf(folder / f"scorecard-{language}.pdf", report, language)
    check_pages(folder, report)
    for difference in differences:
        print("DIFFERENCE", difference)
    print(f"{len(done)} files read back, {len(differences)} differences")
    sys.exit(1 if differences else 0)


main()
