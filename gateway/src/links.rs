//! Signed links to pictures, as an object store makes them.
//!
//! A link holds all that is needed to draw its picture, so nothing is stored and a link outlives
//! the job it came from. The signature keeps it from being changed.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::picture::Picture;
use crate::provider::Provider;

/// A day: the life of links at the upstream vendor, and in AIML API's sample.
const LINK_LIFE_S: u64 = 24 * 60 * 60;

/// Makes and checks links.
#[derive(Clone, Debug)]
pub(crate) struct Signer(Hmac<Sha256>);

/// Why a link is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BadLink {
    /// Changed, or not made here.
    Signature,
    Expired,
}

impl Signer {
    pub(crate) fn new(secret: u64) -> Self {
        Self(Hmac::new_from_slice(&secret.to_be_bytes()).expect("HMAC takes keys of any length"))
    }

    /// The path and query of a picture's link; `made_at` is in Unix milliseconds.
    pub(crate) fn link(
        &self,
        provider: Provider,
        id: &str,
        picture: &Picture,
        made_at: u64,
    ) -> String {
        let (name, drawing) = (provider.name(), picture.to_token());
        let expires = made_at / 1000 + LINK_LIFE_S;
        let link =
            format!("/images/{name}-{id}.png?Drawing={drawing}&Expires={expires}&KeyId=local");
        let signature = hex::encode(self.mac(&link).finalize().into_bytes());
        format!("{link}&Signature={signature}")
    }

    /// The picture behind a link; `now` is in Unix milliseconds.
    pub(crate) fn open(&self, path: &str, query: &str, now: u64) -> Result<Picture, BadLink> {
        let (signed, signature) = query.rsplit_once("&Signature=").ok_or(BadLink::Signature)?;
        let signature = hex::decode(signature).map_err(|_| BadLink::Signature)?;
        let mac = self.mac(&format!("{path}?{signed}"));
        mac.verify_slice(&signature).map_err(|_| BadLink::Signature)?;

        let value = |wanted| {
            let mut pairs = signed.split('&').filter_map(|pair| pair.split_once('='));
            pairs.find(|(name, _)| *name == wanted).map(|(_, value)| value)
        };
        let expires = value("Expires").and_then(|text| text.parse().ok());
        if expires.is_none_or(|expires: u64| now / 1000 >= expires) {
            return Err(BadLink::Expired);
        }
        value("Drawing").and_then(Picture::from_token).ok_or(BadLink::Signature)
    }

    fn mac(&self, text: &str) -> Hmac<Sha256> {
        self.0.clone().chain_update(text)
    }
}

/// The gateway whose picture a path names.
pub(crate) fn provider_of(path: &str) -> Option<Provider> {
    let name = path.strip_prefix("/images/")?.split('-').next()?;
    Provider::ALL.into_iter().find(|provider| provider.name() == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::Mark;

    fn link(signer: &Signer, now: u64) -> (String, String) {
        let picture = Picture::new("a fox", "", 3, 1280, 1280, Mark::None);
        let link = signer.link(Provider::Vtrix, "id-0", &picture, now);
        let (path, query) = link.split_once('?').unwrap();
        (path.into(), query.into())
    }

    #[test]
    fn a_link_opens_to_the_picture_it_was_made_of() {
        let signer = Signer::new(1);
        let (path, query) = link(&signer, 0);
        let picture = signer.open(&path, &query, 0).unwrap();
        assert_eq!(picture, Picture::new("a fox", "", 3, 1280, 1280, Mark::None));
        assert_eq!(provider_of(&path), Some(Provider::Vtrix));
    }

    #[test]
    fn a_link_lives_for_a_day() {
        let signer = Signer::new(1);
        let (path, query) = link(&signer, 5_000);
        let end = 5_000 + LINK_LIFE_S * 1000;
        assert!(signer.open(&path, &query, end - 1).is_ok());
        assert_eq!(signer.open(&path, &query, end), Err(BadLink::Expired));
    }

    #[test]
    fn a_changed_or_foreign_link_is_refused() {
        let signer = Signer::new(1);
        let (path, query) = link(&signer, 0);
        let longer = query.replace("Expires=86400", "Expires=96400");
        assert_ne!(longer, query);
        assert_eq!(signer.open(&path, &longer, 0), Err(BadLink::Signature));
        assert_eq!(signer.open("/images/vtrix-x.png", &query, 0), Err(BadLink::Signature));
        assert_eq!(Signer::new(2).open(&path, &query, 0), Err(BadLink::Signature));
        assert_eq!(signer.open(&path, "", 0), Err(BadLink::Signature));
    }
}
