//! Style, script and shapes that the pages need, embedded, named by their content so that a browser may keep them for good.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

struct Asset {
    name: &'static str,
    kind: &'static str,
    body: &'static [u8],
    path: String,
}

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    let asset = |name: &'static str, kind, body: &'static [u8]| {
        let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
        Asset {
            name,
            kind,
            body,
            path: format!("{stem}-{:08x}.{ending}", checksum(body)),
        }
    };
    vec![
        asset(
            "style.css",
            "text/css; charset=utf-8",
            include_bytes!("../../assets/style.css"),
        ),
        asset(
            "pages.js",
            "text/javascript; charset=utf-8",
            include_bytes!("../../assets/pages.js"),
        ),
        asset("world.svg", "image/svg+xml", include_bytes!("../../assets/world.svg")),
        asset("icon.svg", "image/svg+xml", include_bytes!("../../assets/icon.svg")),
    ]
});

/// FNV-1a: names an edition of an asset, nothing hangs on it.
fn checksum(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193)
    })
}

/// The address of an asset in this edition.
pub fn path(name: &str) -> String {
    ASSETS
        .iter()
        .find(|a| a.name == name)
        .map_or_else(String::new, |a| format!("/assets/{}", a.path))
}

/// Serves an asset.
pub async fn serve(Path(file): Path<String>) -> Response {
    let Some(asset) = ASSETS.iter().find(|a| a.path == file || a.name == file) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let keep = if asset.path == file {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let mut response = asset.body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    response
}
