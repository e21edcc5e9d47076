"""The route of the file of a person's own views, which holds no rows and needs no receipt."""

from datetime import date

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from pages.people.current import person_of
from pages.people.views import NotSaved, views
from pages.people.views_file import as_file
from pages.routes.clients import in_thread
from pages.routes.file_responses import NOT_KEPT


async def download_views(request: Request) -> Response:
    """GET /export/views.json"""
    person = person_of(request.scope)
    try:
        seen = await in_thread(lambda: views.seen_by(person))
    except NotSaved as error:
        return PlainTextResponse(str(error), 507)
    name = f"views_{date.today()}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', **NOT_KEPT}
    content = as_file(view for view in seen if view.owner == person.id)
    return Response(content, headers=headers, media_type="application/json")


ROUTES = [Route("/export/views.json", download_views)]
