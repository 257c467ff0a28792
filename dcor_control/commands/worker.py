"""``dcor worker``: a long-lived process that runs the steps of the pipeline."""

from __future__ import annotations

import click


@click.command()
@click.argument("queues", nargs=-1, required=True)
@click.option(
    "--ini",
    "-c",
    envvar="CKAN_INI",
    required=True,
    type=click.Path(exists=True, dir_okay=False),
    help="CKAN's configuration (default: the variable CKAN_INI).",
)
def worker(queues: tuple[str, ...], ini: str) -> None:
    """Run the steps that wait in QUEUES (dcor-short, dcor-normal, dcor-long).

    Needs nothing but the configuration: workers may run on any machine that reaches the
    database, Redis and the object store. SIGTERM ends it after the present step.
    """
    from ckan.cli import load_config
    from ckan.config.middleware import make_app

    app = make_app(load_config(ini))
    from dcor_shared.pipeline.worker import run_worker

    # URLs and licences need a request context, as in CKAN's own commands.
    with app._wsgi_app.test_request_context():  # noqa: SLF001
        run_worker(queues)
