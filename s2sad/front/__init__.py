"""From a function object to lowered code. A function comes in, its source is found (`lookup`) and fenced, and code goes
out in which every operation asks a machine (`lower`). It may import the rules, of which it asks the language alone.
"""
