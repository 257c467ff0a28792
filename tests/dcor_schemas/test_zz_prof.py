import cProfile, pstats, time, uuid, json
import pytest
from ckan import model
from ckan.plugins import toolkit as tk
from ckanext.dcor_schemas.uploads import ledger, prepare
pytest_plugins=["tests.dcor_schemas.conftest"]

N=int(__import__("os").environ.get("N","1000"))

@pytest.fixture
def many(new_draft, circle, person, monkeypatch):
    monkeypatch.setattr(prepare, "look_at_uploads", lambda *a, **k: None)
    draft = new_draft()
    def allow(n):
        ids=[str(uuid.uuid4()) for _ in range(n)]
        for i in ids:
            ledger.note_allowed(i, person.id, circle["id"], 10)
            ledger.note_found(i, size=10, etag="0"*32, settled=True)
        model.Session.commit()
        return ids
    return draft, allow

def test_profile(many, call, person, app):
    draft, allow = many
    ids = allow(N)
    t=time.perf_counter()
    for k in range(0, N, 200):
        call("package_revise", person, match={"id": draft["id"]}, update__resources__extend=[{"id": i, "name": f"m{k+n:05d}.rtdc", "s3_available": True} for n,i in enumerate(ids[k:k+200])])
    print("bulk", time.perf_counter()-t)
    for r in range(5):
        (i,)=allow(1)
        t=time.perf_counter()
        pr=cProfile.Profile() if r==3 else None
        if pr: pr.enable()
        answer=app.post("/api/3/action/package_revise", json=dict(match={"id": draft["id"]}, update__resources__extend=[{"id": i, "name": f"x{r}.rtdc", "s3_available": True}]), headers=person.headers)
        if pr: pr.disable()
        print("one", time.perf_counter()-t, len(answer.body))
        assert answer.status_code==200
    pstats.Stats(pr).sort_stats("cumulative").print_stats(70)
