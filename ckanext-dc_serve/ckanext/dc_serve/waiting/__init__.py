"""Requests about measurements that a worker has not described yet: they wait outside of the web.

A web process that waits answers nobody else. So a request that has to wait is set aside: its
connection is taken over from the web server (``connection``), a thread of the process keeps it in
a room (``room``) until the measurement was described, then the application is asked again
(``answers``) and its answer sent to all who asked the same, to each as fast as it is taken
(``deliveries``). The layer around the application (``layer``) decides which requests these can be;
how it and the application talk to each other is in ``marks``. Where the web server is not uWSGI,
some of its processes wait and the others answer at once (``turns``).
"""
