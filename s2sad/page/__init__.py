"""A page to look at: a path and a call of it come in, and one file of HTML goes out.

`model` is what a page shows, as plain data; `sources` and `generated` are the two texts with their lines, `values` what names held,
`graph`, `layout` and `svg` the picture, and `render` puts it into the templates of jinja2, which come with the extra `html`. It may
import `shown` and what that stands on.
"""
from s2sad.page.model import Page, of_call, of_path
from s2sad.page.notebook import of_gradient
from s2sad.page.render import NoTemplates, page_html

__all__ = ["NoTemplates", "Page", "of_call", "of_gradient", "of_path", "page_html"]
