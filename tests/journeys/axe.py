"""What axe finds on a page, at the size it has now."""

import json

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# axe works each colour out again for every piece of text: half of its time, for a dozen colours.
REMEMBER_COLOURS = """
;{
  const colour = axe.commons.color.Color.prototype, parse = colour.parseString, known = new Map();
  colour.parseString = function (text) {
    if (!known.has(text)) {
      const { r, g, b, alpha } = parse.call(this, text);
      known.set(text, { r, g, b, alpha });
    }
    return Object.assign(this, known.get(text));
  };
  null;  // a function as the last word would be called
}
"""
SCRIPT = Axe().axe_script + REMEMBER_COLOURS


def bring(page: Page) -> None:
    """Every page opened from now on has axe, which is sent to the browser once."""
    page.add_init_script(SCRIPT)


def violations(page: Page, **rules: dict) -> list[dict]:
    """`rules`: besides those axe asks by itself."""
    options = json.dumps({"resultTypes": ["violations"], "rules": rules})
    found = page.evaluate(f"window.axe?.run({options}).then(found => found.violations)")
    if found is None:
        page.evaluate(SCRIPT)
        return violations(page, **rules)
    return found
