"""The terminal interface of `qualcode code`: a thin skin over `qualcode.session`.

* `keys` – one table of actions for bindings, footer, help and the documentation
* `app` – opens the sitting, keeps tracebacks free of transcript text
* `colours` – what a code looks like in true colour, in 16 colours and in none
* `wrapping` – a source in lines of a width
* `screens/` – reading, review, by code, chart, answers, and the small ones that ask something
* `widgets/` – regions of the screen

Widgets get values and post messages; what is done, is done by the session.
"""
