"""What a file really is: looked at in a process apart, which can reach nothing but the file.

`python -m hyred_chat.files.examiner` reads jobs, a line of JSON each, and answers each with a line. For each job it
forks: the child opens what it needs, gives up all else (`confinement.py`), looks, and ends. So a file that breaks a
decoder, or takes too much of anything, breaks a process that knows nothing and has nothing.
"""
