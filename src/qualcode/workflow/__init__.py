"""The journeys, each a list of steps through the rooms, readable top to bottom.

* `projects` – start a project, find it, open it, fill it with the example study
* `importing` – files → readers → speakers → project
* `cases` – attributes, consent, links
* `codebooks` – check, apply, show, add
* `retrieving` – a query or options → codings
* `suggesting` – segments → suggester → project
* `agreeing` – codings → agreement
* `revising` – a corrected transcript → spans carried
* `teamwork` – hand out, merge, settle
* `safekeeping` – backups
* `writing_up` – bundle → report → renderer or writer → file

What a coder does lives in `qualcode.session`.
"""
